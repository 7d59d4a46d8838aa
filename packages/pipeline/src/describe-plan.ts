import { displayCommand } from './display-command.js';
import type { LoopConfig } from './loop-config.js';
import type {
  Plan,
  PlannedCommand,
  PlannedGate,
  PlannedLoop,
  PlannedStage,
  PlannedSubpipeline,
} from './plan.js';
import { planItemId } from './plan.js';
import type { RetryPolicy } from './retry-policy.js';

/** A plan as printed by `plan --format json`. Members are added over time, never renamed. */
export interface PlanDescription {
  readonly pipeline: {
    readonly id: string;
    readonly title: string;
    readonly description: string | null;
    readonly source: 'default' | 'user' | null;
    readonly tags: readonly string[];
    readonly guardrailsRequired: boolean | null;
  };
  readonly stages: readonly StageDescription[];
  readonly order: 'graph' | 'sequence';
  readonly maxParallel: number | null;
  readonly deadlineMs: number | null;
  readonly plan: {
    readonly items: readonly PlanItemDescription[];
    readonly notes?: string;
    readonly targetId: string;
  };
  readonly targetId: string;
}

export type StageDescription =
  CommandDescription | GateDescription | LoopDescription | SubpipelineDescription;

export interface CommandDescription {
  /** From 1. */
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly kind: 'command';
  readonly command: string;
  /** The exact words where no shell splits them; null for a shell line. */
  readonly argv: readonly string[] | null;
  readonly cwd: string | null;
  /** The names that are set. Values may be secrets: each reads `[hidden]`. */
  readonly env: Readonly<Record<string, '[hidden]'>> | null;
  readonly allowFailure: boolean;
  readonly summaryHint: string | null;
  readonly needs: readonly string[];
  readonly timeoutMs: number | null;
  readonly silenceTimeoutMs: number | null;
  readonly retries: DescribedRetries | null;
  /** Absent where none are declared. */
  readonly inputs?: readonly string[];
}

export interface DescribedRetries {
  readonly max: number;
  readonly backoffMs: number;
  readonly factor: number;
  readonly exitCodes: readonly number[] | null;
}

export interface SubpipelineDescription {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly kind: 'subpipeline';
  readonly pipeline: string;
  readonly optional: boolean;
  readonly needs: readonly string[];
  /** The stages of the subpipeline. */
  readonly stages: readonly StageDescription[];
}

/** A loop as configured; null is left to flags, variables and defaults. */
export interface LoopDescription {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly kind: 'rlm';
  /** At most 240 characters. */
  readonly goal: string | null;
  readonly agent: string | null;
  /** `auto`, `none`, or each of them. */
  readonly validators: string | readonly DescribedValidator[] | null;
  readonly roles: string | null;
  readonly isolation: string | null;
  /** Those that are set, by their names in the configuration. */
  readonly limits: Readonly<Record<string, number>> | null;
  readonly protect: readonly string[] | null;
  /** The names that are set. Values may be secrets: each reads `[hidden]`. */
  readonly env: Readonly<Record<string, '[hidden]'>> | null;
  readonly allowFailure: boolean;
  readonly needs: readonly string[];
}

export interface GateDescription {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly kind: 'gate';
  readonly gate: string;
  /** Whether what it finds is only reported. */
  readonly dryRun: boolean;
  /** The names that are set. Values may be secrets: each reads `[hidden]`. */
  readonly env: Readonly<Record<string, '[hidden]'>> | null;
  readonly allowFailure: boolean;
  readonly needs: readonly string[];
}

export interface DescribedValidator {
  readonly name: string | null;
  readonly command: string;
}

export interface PlanItemDescription {
  /** `<pipeline>:<stage>`. */
  readonly id: string;
  readonly description: string;
  readonly requires_cloud: boolean;
  readonly requiresCloud: boolean;
  readonly runnable: boolean;
  readonly metadata: {
    readonly pipelineId: string;
    readonly stageId: string;
    readonly stageKind: 'command' | 'gate' | 'rlm' | 'subpipeline';
    /** From 0. */
    readonly index: number;
    readonly aliases?: readonly string[];
    readonly defaultTarget?: true;
    readonly executionMode?: string;
    readonly requiresCloud: boolean;
  };
  readonly selected: boolean;
}

/** Describes a plan without the value of a single environment variable. */
export function describePlan(plan: Plan): PlanDescription {
  const { pipeline, targetId } = plan;
  const notes = pipeline.description === undefined ? {} : { notes: pipeline.description };
  return {
    pipeline: {
      id: pipeline.id,
      title: pipeline.title,
      description: pipeline.description ?? null,
      source: pipeline.source ?? null,
      tags: pipeline.tags,
      guardrailsRequired: pipeline.guardrailsRequired ?? null,
    },
    stages: plan.stages.map(describeStage),
    order: plan.order,
    maxParallel: plan.maxParallel ?? null,
    deadlineMs: plan.deadlineMs ?? null,
    plan: { items: plan.stages.map((stage) => describeItem(plan, stage)), ...notes, targetId },
    targetId,
  };
}

function describeStage(stage: PlannedStage): StageDescription {
  switch (stage.kind) {
    case 'command':
      return describeCommand(stage);
    case 'gate':
      return describeGate(stage);
    case 'rlm':
      return describeLoop(stage);
    case 'subpipeline':
      return describeSubpipeline(stage);
  }
}

function describeCommand(stage: PlannedCommand): CommandDescription {
  const { command, workingFolder, env, retries } = stage;
  return {
    index: stage.index,
    id: stage.id,
    title: stage.title,
    kind: 'command',
    command: displayCommand(command),
    argv: typeof command === 'string' ? null : command,
    cwd: workingFolder.path === '.' ? null : workingFolder.path,
    env: hideValues(env),
    allowFailure: stage.allowFailure,
    summaryHint: stage.summaryHint ?? null,
    needs: stage.needs,
    timeoutMs: stage.timeoutMs ?? null,
    silenceTimeoutMs: stage.silenceTimeoutMs ?? null,
    retries: retries.max === 0 ? null : describeRetries(retries),
    ...(stage.inputs.length === 0 ? {} : { inputs: stage.inputs }),
  };
}

function describeGate(stage: PlannedGate): GateDescription {
  const { index, id, title, kind, gate, dryRun, env, allowFailure, needs } = stage;
  return { index, id, title, kind, gate, dryRun, env: hideValues(env), allowFailure, needs };
}

function hideValues(env: PlannedCommand['env']): Record<string, '[hidden]'> | null {
  const names = Object.keys(env);
  if (names.length === 0) return null;
  return Object.fromEntries(names.map((name) => [name, '[hidden]' as const]));
}

function describeRetries({ max, backoffMs, factor, exitCodes }: RetryPolicy): DescribedRetries {
  return { max, backoffMs, factor, exitCodes: exitCodes ?? null };
}

/** Most characters of a goal: what it is about shows at its beginning. */
const maxGoalCharacters = 240;

function describeLoop(stage: PlannedLoop): LoopDescription {
  const { index, id, title, kind, config, env, allowFailure, needs } = stage;
  const { goal, agent, roles, isolation, protect } = config;
  return {
    index,
    id,
    title,
    kind,
    goal: goal === undefined ? null : shorten(goal),
    agent: agent ?? null,
    validators: describeValidators(config),
    roles: roles ?? null,
    isolation: isolation ?? null,
    limits: describeLimits(config),
    protect: protect ?? null,
    env: hideValues(env),
    allowFailure,
    needs,
  };
}

function shorten(text: string): string {
  if (text.length <= maxGoalCharacters) return text;
  return `${text.slice(0, maxGoalCharacters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function describeValidators({ validators }: LoopConfig): LoopDescription['validators'] {
  if (validators === undefined || typeof validators === 'string') return validators ?? null;
  return validators.map((validator) =>
    typeof validator === 'string' || !('command' in validator)
      ? { name: null, command: displayCommand(validator) }
      : { name: validator.name ?? null, command: displayCommand(validator.command) },
  );
}

/** Numbers of a loop are limits, all of them. */
function describeLimits(config: LoopConfig): Record<string, number> | null {
  const limits = Object.entries(config).filter(
    (member): member is [string, number] => typeof member[1] === 'number',
  );
  return limits.length === 0 ? null : Object.fromEntries(limits);
}

function describeSubpipeline(stage: PlannedSubpipeline): SubpipelineDescription {
  const { index, id, title, kind, optional, needs, plan } = stage;
  const stages = plan.stages.map(describeStage);
  return { index, id, title, kind, pipeline: plan.pipeline.id, optional, needs, stages };
}

function describeItem({ pipeline, targetId }: Plan, stage: PlannedStage): PlanItemDescription {
  const { hints } = stage;
  const id = planItemId(pipeline.id, stage.id);
  return {
    id,
    description: stage.title,
    requires_cloud: hints.requiresCloud,
    requiresCloud: hints.requiresCloud,
    runnable: hints.runnable,
    metadata: {
      pipelineId: pipeline.id,
      stageId: stage.id,
      stageKind: stage.kind,
      index: stage.index - 1,
      ...(hints.aliases.length > 0 ? { aliases: hints.aliases } : {}),
      ...(hints.defaultTarget ? { defaultTarget: true } : {}),
      ...(hints.executionMode === undefined ? {} : { executionMode: hints.executionMode }),
      requiresCloud: hints.requiresCloud,
    },
    selected: id === targetId,
  };
}
