export { findAgents } from './agent/find-agents.js';
export { isMeteredAgent, UsageCounter } from './agent/usage-counter.js';
export { iterationFacts } from './decide/iteration-facts.js';
export { verdictExitCodes } from './decide/verdict.js';
export { RlmError } from './errors.js';
export { lessonOfFinding } from './findings/lesson-of-finding.js';
export { parseFindings } from './findings/read-findings.js';
export { refuseLoop } from './loop/refuse-loop.js';
export { runLoop } from './loop/run-loop.js';
export { parseHistory, startFacts } from './loop/start-facts.js';
export { takeReview } from './review/take-review.js';
export { readLoopSettings } from './settings/read-loop-settings.js';
export { detectValidators } from './validator/detect-validators.js';

export type { AgentName, AgentSettings, Usage } from './agent/agent.js';
export type { FoundAgent } from './agent/find-agents.js';
export type { Turn, TurnOutcome, TurnRole } from './agent/turn.js';
export type { MeteredAgent } from './agent/usage-counter.js';
export type { LoopStatus, Verdict } from './decide/verdict.js';
export type { RlmErrorCode, RlmErrorOptions } from './errors.js';
export type { CandidateFix, Finding, Findings, Hotspot } from './findings/findings.js';
export type { Iteration } from './loop/iteration.js';
export type { EvidenceFile } from './loop/own-place.js';
export type { LoopHistory, LoopOutcome, LoopPorts, LoopStart } from './loop/loop-ports.js';
export type { RunLoopOptions } from './loop/resolve-ports.js';
export type { ProcessOptions, RunProcess, WorldPorts } from './loop/ports.js';
export type {
  ConfiguredReviewer,
  ReviewedFinding,
  ReviewRequest,
  ReviewVerdict,
  Severity,
  TakenReview,
} from './review/review.js';
export type { ReviewPorts } from './review/take-review.js';
export type { ConfiguredLoop, ConfiguredValidator } from './settings/configured-loop.js';
export type { LoopFlags } from './settings/given-setting.js';
export type { JsonObject, JsonValue } from './settings/json-object.js';
export type { LoopLimits, LoopSettings } from './settings/loop-settings.js';
export type { LoopSettingSources, LoopSurroundings } from './settings/read-loop-settings.js';
export type { SettingsProblem, SettingsProblemCode } from './settings/settings-problem.js';
export type {
  Candidate,
  Detection,
  Judgement,
  Validator,
  ValidatorOutcome,
} from './validator/validator.js';
export type { Difference, PatchFile } from './workspace/workspace.js';
