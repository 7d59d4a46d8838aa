import type { CommandStageConfig } from './config-schema.js';
import type { LocatedStage } from './expand-stages.js';
import { loopConfigOf } from './loop-config.js';
import type { Plan, PlanHints, PlannedStage } from './plan.js';
import { resolveRetries } from './retry-policy.js';

interface StageParts {
  readonly located: LocatedStage;
  readonly index: number;
  /** The resolved subpipeline, for a stage that runs one. */
  readonly plan?: Plan;
}

/** Fills in every default of one stage. */
export function planStage({ located, index, plan }: StageParts): PlannedStage | undefined {
  const { stage, needs } = located;
  const { id, title = id } = stage;
  const base = { index, id, title, needs, hints: planHints(stage) };
  if (stage.kind === 'subpipeline') {
    return plan && { ...base, kind: 'subpipeline', optional: stage.optional ?? false, plan };
  }
  const env = textValues(stage.env);
  const allowFailure = stage.allowFailure ?? false;
  if (stage.kind === 'rlm') {
    return { ...base, kind: 'rlm', config: loopConfigOf(stage), env, allowFailure };
  }
  if (stage.kind === 'gate') {
    const { gate, dryRun = false } = stage;
    return { ...base, kind: 'gate', gate, dryRun, env, allowFailure };
  }
  return {
    ...base,
    kind: 'command',
    command: stage.command,
    workingFolder: { kind: 'inside-root', path: stage.cwd ?? '.' },
    env,
    allowFailure,
    summaryHint: stage.summaryHint,
    timeoutMs: stage.timeoutMs,
    silenceTimeoutMs: stage.silenceTimeoutMs,
    retries: resolveRetries(stage.retries),
    inputs: stage.inputs ?? [],
  };
}

function textValues(env: CommandStageConfig['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

function planHints(stage: LocatedStage['stage']): PlanHints {
  const { plan = {} } = stage;
  const executionMode = (
    plan.executionMode ??
    stage.executionMode ??
    stage.execution_mode ??
    stage.mode ??
    ''
  )
    .trim()
    .toLowerCase();
  return {
    runnable: plan.runnable ?? true,
    defaultTarget: plan.defaultTarget ?? plan.default ?? plan.primary ?? false,
    aliases: plan.aliases ?? [],
    executionMode: executionMode === '' ? undefined : executionMode,
    requiresCloud:
      plan.requiresCloud ??
      plan.requires_cloud ??
      stage.requires_cloud ??
      stage.requiresCloud ??
      executionMode === 'cloud',
  };
}
