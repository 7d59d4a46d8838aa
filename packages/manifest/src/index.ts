export { digestFile } from './digest-file.js';
export { ManifestError } from './errors.js';
export { runEventSchema } from './event-schema.js';
export { applyEvent, foldEvents } from './fold-manifest.js';
export { findRun, listRuns } from './list-runs.js';
export { listUnsealedRuns } from './list-unsealed-runs.js';
export { finalStatuses, isFinalStatus, runStatuses, stageStatuses } from './manifest.js';
export { parseManifest } from './parse-manifest.js';
export { readJournal } from './read-journal.js';
export { readManifest } from './read-manifest.js';
export { createRootLayout, createRunLayout, createTaskLayout } from './run-layout.js';
export { effectiveStatus } from './run-liveness.js';
export { checkResumeToken } from './resume-token.js';
export { reopenRunRecord } from './reopen-record.js';
export { openRunRecord } from './run-record.js';
export { createEd25519Signer } from './signature.js';
export { sweepDrafts } from './sweep-drafts.js';
export { verifyRun } from './verify-run.js';
export { manifestSchema } from './schema.js';

export type { ManifestErrorCode, ManifestErrorOptions } from './errors.js';
export type {
  AttemptStart,
  EventHead,
  JsonObject,
  LoopIterationEvent,
  LoopStartedEvent,
  NewRunEvent,
  PlannedStage,
  MovedFile,
  ResumeRefusedEvent,
  RunCancellingEvent,
  RunEnd,
  RunEvent,
  RunEventType,
  RunFinishedEvent,
  RunRecordedEvent,
  RunRecoveredEvent,
  RunResumedEvent,
  RunStartedEvent,
  StageFinishedEvent,
  StagePrivacy,
  StageRetriedEvent,
  StageSkippedEvent,
  StageSpawnedEvent,
  StageStartedEvent,
} from './events.js';
export type {
  Approval,
  Artifact,
  ChildRun,
  EndedGroup,
  FinalStatus,
  GuardrailCounts,
  GuardrailStatus,
  JournalAnchor,
  GateRecord,
  LoopFacts,
  Manifest,
  Observability,
  Privacy,
  PrivacyDecision,
  PrivacyMode,
  Recovery,
  ResumeEvent,
  RunOptions,
  RunOwner,
  RunStatus,
  StageEndStatus,
  StageKind,
  StageOutcome,
  StageProcess,
  StageRecord,
  StageStatus,
  ToolIdentity,
} from './manifest.js';
export type { RunEventSchema } from './event-schema.js';
export type { FoundRun, ListRunsOptions, RunListing, RunSearch } from './list-runs.js';
export type { UnsealedRuns } from './list-unsealed-runs.js';
export type { RunsLocation, UnreadableRun } from './locate-runs.js';
export type { UnknownEvent } from './parse-event.js';
export type { ParsedManifest } from './parse-manifest.js';
export type { DamagedLine } from './journal-scanner.js';
export type { JournalReading } from './read-journal.js';
export type { ReadOptions } from './read-manifest.js';
export type { EffectiveStatus, LivenessOptions } from './run-liveness.js';
export type { ManifestSchema } from './schema.js';
export type {
  LayoutOptions,
  RootLayout,
  RunFolder,
  RunLayout,
  RunLayoutOptions,
  TaskLayout,
  TaskLayoutOptions,
} from './run-layout.js';
export type { JournalRepair, ReopenedRecord } from './reopen-record.js';
export type { ContextWarning, PromptPackUse, RunContext } from './run-context.js';
export type { RunHistory } from './run-history.js';
export type { RunRecord, RunRecordOptions } from './run-record.js';
export type { RecordSignature, RecordSigner } from './signature.js';
export type { SweepDraftsOptions } from './sweep-drafts.js';
export type { VerificationCode, VerificationFinding, VerificationReport } from './verification.js';
export type { VerifyRunOptions } from './verify-run.js';
export type { RunStart } from './started-event.js';
