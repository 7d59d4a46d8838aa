export { ExperienceError } from './errors.js';
export { boilerplateOf, withoutBoilerplate } from './gate/boilerplate.js';
export { gateRules, judgeLesson } from './gate/judge-lesson.js';
export { earlierRuns, rewardOf } from './gate/reward.js';
export { audit } from './hygiene/audit.js';
export { collect } from './hygiene/collect.js';
export { exportRecords } from './hygiene/export-records.js';
export { forget } from './hygiene/forget.js';
export { importRecords } from './hygiene/import-records.js';
export { inspectIndex } from './hygiene/inspect-index.js';
export { findRecord, listRecords } from './hygiene/list-records.js';
export { checkInstructions, loadInstructions } from './instructions/load-instructions.js';
export { instructionPaths, readInstructions } from './instructions/read-instructions.js';
export { stampInstructions } from './instructions/stamp-instructions.js';
export { createExperienceLayout } from './layout.js';
export { holdsRun } from './log/holds-run.js';
export { checkPacks, loadPacks } from './packs/load-packs.js';
export { packsFolder } from './packs/prompt-pack.js';
export { stampPacks } from './packs/stamp-packs.js';
export { experienceInputSchema, experienceRecordSchema } from './record/record-schema.js';
export { scoreOf } from './record/record.js';
export { signatureOf, similarityOf } from './record/similarity.js';
export { openExperienceStore } from './store.js';
export { renderExperience, renderInjection } from './render/injection.js';
export { quoteName, quoteText } from './render/quote-text.js';
export { costOf, estimateTokens } from './select/budget.js';
export { decayOf } from './select/decay.js';
export { describePolicy, describeSelection } from './select/describe.js';
export { explainSelection } from './select/explain.js';
export { selectExperiences } from './select/select-experiences.js';
export { sourceOf } from './select/source.js';
export { usefulnessOf } from './select/usefulness.js';

export type { ExperienceErrorCode, ExperienceErrorOptions } from './errors.js';
export type { BoilerplateKind } from './gate/boilerplate.js';
export type {
  GateBreach,
  GateRuleName,
  GateVerdict,
  LessonContext,
  LessonLimits,
} from './gate/judge-lesson.js';
export type { EarlierRuns, RewardFacts, RunOutcome } from './gate/reward.js';
export type { AuditOptions, AuditReport } from './hygiene/audit.js';
export type { EvidenceCheck, EvidenceVerdict } from './hygiene/check-evidence.js';
export type { CollectOptions } from './hygiene/collect.js';
export type { ExportOptions, ExportReport } from './hygiene/export-records.js';
export type { ForgetReport } from './hygiene/forget.js';
export type { GcExample, GcReason, GcRemoval, GcReport } from './hygiene/gc-report.js';
export type {
  ImportOptions,
  ImportProblem,
  ImportProgress,
  ImportReport,
} from './hygiene/import-records.js';
export type { IndexInspection } from './hygiene/inspect-index.js';
export type { LineCount, LineProblem, ListedLines } from './hygiene/line-tally.js';
export type { FetchOptions, FetchQuery, FetchResult } from './fetch/query.js';
export type { ListOptions, RecordList } from './hygiene/list-records.js';
export type { HygieneOptions, HygieneProgress, LockedOptions } from './hygiene/hygiene-options.js';
export type {
  InstructionCheck,
  InstructionLoading,
  InstructionOptions,
  LoadInstructionsOptions,
} from './instructions/load-instructions.js';
export type {
  InstructionFile,
  InstructionProblem,
  InstructionProblemCode,
  InstructionState,
} from './instructions/read-instructions.js';
export type {
  InstructionStamping,
  StampInstructionsOptions,
  StampedInstructions,
} from './instructions/stamp-instructions.js';
export type { ExperienceLayout, ExperienceLayoutOptions } from './layout.js';
export type { HoldsRunOptions, WantedRun } from './log/holds-run.js';
export type { LoadPacksOptions, PackCheck, PackLoading, PackOptions } from './packs/load-packs.js';
export type { StampForm } from './packs/pack-stamp.js';
export type {
  PackMember,
  PackPolicy,
  PackProblem,
  PackProblemCode,
  PackSection,
  PackSource,
  PromptPack,
} from './packs/prompt-pack.js';
export type { PackStamping, StampPacksOptions, StampedPack } from './packs/stamp-packs.js';
export type {
  Counters,
  Evidence,
  Experience,
  ExperienceInput,
  ExperienceNote,
  ExperienceRecord,
  MarkNote,
  OutcomeNote,
  RecordReference,
  Reward,
  RunUse,
  SeenNote,
  ToolStat,
} from './record/record.js';
export type { ExperienceInputSchema, ExperienceRecordSchema } from './record/record-schema.js';
export type { CompetitivePlace, InjectionOptions, RenderOptions } from './render/injection.js';
export type { SelectionBudget, TextCost } from './select/budget.js';
export type { DecayOptions } from './select/decay.js';
export type {
  ExclusionReason,
  RetrievalCandidate,
  RetrievalPolicy,
  RetrievalSelection,
  RetrievedExperience,
} from './select/describe.js';
export type { SelectionReason } from './select/entry.js';
export type {
  AntiDominance,
  CompetitivePolicy,
  DiversePolicy,
  ScoreWeights,
  SelectionPolicy,
  SelectionPolicyName,
  SelectionRequest,
  TopPolicy,
} from './select/request.js';
export type { Explanation, Selection } from './select/select-experiences.js';
export type { ExperienceSource, ExperienceSourceKind } from './select/source.js';
export type { Cost } from './log/read-cost.js';
export type { ScanBudgets } from './log/scan-pieces.js';
export type { AddNotesOptions, ExperienceStore, StoreOptions } from './store.js';
export type { MergedInput } from './write/plan-batch.js';
export type { RecordBatchResult, RecordOptions } from './write/record-batch.js';
