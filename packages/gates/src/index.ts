export { GateError } from './errors.js';
export { gateNames } from './gate/gate-names.js';
export { openGatePorts } from './open-gate-ports.js';
export { runGate } from './run-gate.js';
export { addTaskEvidence } from './task-documents/add-task-evidence.js';
export { newTask } from './task-documents/new-task.js';
export { listTasks, taskStatus } from './task-documents/task-status.js';
export { readTaskIndex } from './tasks/task-index.js';

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
export type { AddedEvidence, TaskEvidence } from './task-documents/add-task-evidence.js';
export type { BegunTask } from './task-documents/new-task.js';
export type { NewTask, TaskNames, TaskPaths } from './task-documents/task-names.js';
export type { LatestRun, TaskSpec, TaskStatus, TaskSummary } from './task-documents/task-status.js';
export type { FileRoot } from './text-files/read-file-inside.js';
export type { JsonObject, TaskGate, TaskIndex, TaskItem } from './tasks/task-index.js';
