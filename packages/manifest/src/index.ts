export { ManifestError } from './errors.js';
export { applyEvent, foldEvents } from './fold-manifest.js';
export { finalStatuses, isFinalStatus, runStatuses, stageStatuses } from './manifest.js';
export { createRootLayout, createRunLayout, createTaskLayout } from './run-layout.js';
export { openRunRecord } from './run-record.js';

export type { ManifestErrorCode, ManifestErrorOptions } from './errors.js';
export type {
  EventHead,
  NewRunEvent,
  PlannedStage,
  RunCancellingEvent,
  RunEnd,
  RunEvent,
  RunEventType,
  RunFinishedEvent,
  RunStartedEvent,
  StageFinishedEvent,
  StageRetriedEvent,
  StageSkippedEvent,
  StageStartedEvent,
} from './events.js';
export type {
  Approval,
  ChildRun,
  FinalStatus,
  GuardrailCounts,
  GuardrailStatus,
  Manifest,
  Observability,
  ResumeEvent,
  RunOptions,
  RunOwner,
  RunStatus,
  StageEndStatus,
  StageKind,
  StageOutcome,
  StageRecord,
  StageStatus,
  ToolIdentity,
} from './manifest.js';
export type {
  LayoutOptions,
  RootLayout,
  RunFolder,
  RunLayout,
  RunLayoutOptions,
  TaskLayout,
  TaskLayoutOptions,
} from './run-layout.js';
export type { RunRecord, RunRecordOptions } from './run-record.js';
export type { RunStart } from './started-event.js';
