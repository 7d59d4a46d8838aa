export { compareSamples } from './compare/compare-samples.js';
export { comparisonSchema } from './compare/comparison-schema.js';
export { parseSelector } from './compare/parse-selector.js';
export { renderComparisonMarkdown } from './compare/render-comparison-markdown.js';
export { renderComparisonText } from './compare/render-comparison-text.js';
export { sampleOfEntry } from './compare/sample-of-entry.js';
export { sampleOfRun } from './compare/sample-of-run.js';
export { missingRuns, selectSamples } from './compare/select-samples.js';
export { ReportError } from './errors.js';
export { evidenceSchema, parseEvidence } from './evidence/evidence-schema.js';
export { renderEvidenceMarkdown } from './evidence/render-evidence-markdown.js';

export type { CompareOptions } from './compare/compare-options.js';
export type {
  ComparedSide,
  Comparison,
  ComparisonMethod,
  ComparisonVerdict,
  Distribution,
  MetricComparison,
  Rate,
  RateComparison,
} from './compare/comparison.js';
export type { RunSelector } from './compare/parse-selector.js';
export type { MachineFingerprint, RunSample, StageSample } from './compare/run-sample.js';
export type { ReportErrorCode, ReportErrorOptions } from './errors.js';
export type {
  EvidenceBuild,
  EvidenceDocument,
  EvidenceRole,
  EvidenceRun,
} from './evidence/evidence-document.js';
export type { EvidenceReport } from './evidence/render-evidence-markdown.js';
