/**
 * What comparisons and pages need of the package of reports. It is a file of its own in the built program
 * too: no other command reads it.
 */
export {
  compareSamples,
  missingRuns,
  parseEvidence,
  parseSelector,
  renderComparisonMarkdown,
  renderComparisonText,
  renderEvidenceMarkdown,
  sampleOfEntry,
  sampleOfRun,
  selectSamples,
} from '@codex-orchestrator/report';
export { renderComparisonPage, renderRunPage, runPageView } from '@codex-orchestrator/report/html';
export { createRandom, median } from '@codex-orchestrator/report/statistics';
