export { configJsonSchema } from './config-json-schema.js';
export { describePlan } from './describe-plan.js';
export { PipelineError } from './errors.js';
export { configFileName, loadConfig } from './load-config.js';
export { parseConfig } from './parse-config.js';
export { loopHistoryOf } from './loop-history.js';
export { planCommand } from './plan-command.js';
export { planPipeline } from './plan-pipeline.js';
export { formatProblem } from './problem.js';
export { recoverRun } from './recover-run.js';
export { resumePipeline } from './resume-pipeline.js';
export { runPipeline } from './run-pipeline.js';

export type {
  CommandStageConfig,
  GateStageConfig,
  LoopStageConfig,
  PipelineConfig,
  StageConfig,
  StageSetReference,
  SubpipelineStageConfig,
} from './config-schema.js';
export type {
  CommandDescription,
  DescribedRetries,
  DescribedValidator,
  GateDescription,
  LoopDescription,
  PlanDescription,
  PlanItemDescription,
  StageDescription,
  SubpipelineDescription,
} from './describe-plan.js';
export type { PipelineErrorCode, PipelineErrorOptions } from './errors.js';
export type { GateName, GatesConfig } from './gate-config.js';
export type { GateEnd, GateStage, RunGate } from './gate-stage.js';
export type { LoadConfigOptions } from './load-config.js';
export type { LoopConfig, LoopValidatorConfig } from './loop-config.js';
export type { LoopHistory, LoopTrace } from './loop-history.js';
export type { LoopEnd, LoopStage, RunLoop } from './loop-stage.js';
export type { ConfiguredPipeline, ConfiguredStageSet } from './configured-parts.js';
export type { ExperienceConfig, ExperienceRule } from './experience-config.js';
export type { ConfigSource, ParseConfigOptions, PipelineCatalog } from './parse-config.js';
export type {
  Plan,
  PlanHints,
  PlannedCommand,
  PlannedGate,
  PlannedLoop,
  PlannedPipeline,
  PlannedStage,
  PlannedSubpipeline,
  WorkingFolder,
} from './plan.js';
export type { PlanCommandOptions } from './plan-command.js';
export type { PlanOptions, PlanReport } from './plan-pipeline.js';
export type { Problem, ProblemCode, TextPosition } from './problem.js';
export type { ResumeMode } from './plan-resume.js';
export type { RecoverOptions, RecoveryReport } from './recover-run.js';
export type { ResumeOptions } from './resume-pipeline.js';
export type { RetryPolicy } from './retry-policy.js';
export type { RunObserver } from './run-observer.js';
export type { RunOutcome } from './run-outcome.js';
export type { RedactingStream, RedactionCounts, RunRedactor } from './run-redactor.js';
export type { RunPipelineOptions } from './run-settings.js';
export type { RunStopKind } from './run-stop.js';
export type { StageProcessOptions } from './stage-processes.js';
