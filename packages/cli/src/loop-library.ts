/**
 * What agent loops and reviews need of the package `rlm`, and those who look at what one left. It is a file of
 * its own in the built program too: commands load it when there is a loop or a review.
 */
export {
  detectValidators,
  findAgents,
  iterationFacts,
  lessonOfFinding,
  parseFindings,
  parseHistory,
  readLoopSettings,
  refuseLoop,
  RlmError,
  runLoop,
  startFacts,
  takeReview,
  UsageCounter,
} from '@codex-orchestrator/rlm';
