export { GateError } from './errors.js';
export { gateNames } from './gate/gate-names.js';
export { openGatePorts } from './open-gate-ports.js';
export { runGate } from './run-gate.js';

export type { GateErrorCode, GateErrorOptions } from './errors.js';
export type { Finding } from './gate/finding.js';
export type { GateName } from './gate/gate-names.js';
export type {
  GateOptions,
  GatePorts,
  InstructionJudgement,
  RecordedRun,
  Review,
  ReviewFinding,
  ReviewRequest,
  ReviewSeverity,
  RunJudgement,
} from './gate/gate-ports.js';
export type { OpenGatePortsOptions } from './open-gate-ports.js';
export type { GateFact, GateFacts, GateOutcome, GateResult } from './gate/gate-result.js';
export type {
  DelegationGuardSettings,
  DiffBudgetSettings,
  DocsCheckSettings,
  DocsFreshnessSettings,
  EvidenceCheckSettings,
  GateSettings,
  InstructionStampsSettings,
  ReviewSettings,
  SpecGuardSettings,
  TasksSyncSettings,
} from './settings/gate-settings.js';
