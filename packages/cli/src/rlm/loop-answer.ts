import { quoteArgv } from '@codex-orchestrator/exec';
import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import { printable } from '../render/printable.js';
import { loopStatePath, readLoopState } from './loop-state.js';

/** What the answer of a run says of its agent loop. */
export interface LoopAnswer {
  /** Id of its stage. */
  readonly stage: string;
  /** Why it ended, such as `passed` or `max_iterations`. */
  readonly verdict: string;
  /** The same with its reason, in one sentence. */
  readonly summary: string | null;
  readonly agent: string;
  readonly iterations: number;
  /** The iteration that came closest to the goal; null where nobody can say. */
  readonly best_iteration: number | null;
  /** Of input and output together. */
  readonly tokens: number;
  /** By the agent's own account; 0 where it states none. */
  readonly cost_usd: number;
  /** Hotspots that were reported. */
  readonly findings: number;
  /** The branch that has the result; null where the work was done in the repository itself. */
  readonly branch: string | null;
  /** Path of the loop's state, relative to the root. */
  readonly state: string;
}

/** Undefined for a run without a loop that has come to a verdict. */
export function describeLoop(manifest: Manifest): LoopAnswer | undefined {
  const stage = manifest.commands.find((each) => each.loop != null);
  if (stage?.loop == null) return undefined;
  const { verdict, agent, iterations, best_iteration, findings, branch, ...used } = stage.loop;
  return {
    stage: stage.id,
    verdict,
    summary: stage.summary,
    agent,
    iterations,
    best_iteration,
    tokens: used.input_tokens + used.output_tokens,
    cost_usd: used.cost_usd,
    findings,
    branch,
    state: loopStatePath(manifest),
  };
}

/**
 * What to call after a loop that did not reach its goal, most useful first: with more of what was used
 * up, or with what was missing.
 */
export function commandsAfterLoop(manifest: Manifest, stage: StageRecord, root: string): string[] {
  const { run_id: runId } = manifest;
  const resume = quoteArgv(['codex-orchestrator', 'resume', '--run', runId]);
  const iterations = stage.loop?.iterations ?? 0;
  switch (stage.loop?.verdict) {
    case 'max_iterations':
      return [`RLM_MAX_ITERATIONS=${String(Math.max(2, 2 * iterations))} ${resume}`];
    case 'max_minutes': {
      const minutes = readLoopState(manifest, root).maxMinutes;
      const more = minutes === undefined ? 0 : Math.max(1, Math.ceil(2 * minutes));
      return [`RLM_MAX_MINUTES=${String(more)} ${resume}`];
    }
    case 'stalled':
      return [`RLM_STALL_AFTER=${String(iterations + 3)} ${resume}`];
    case 'budget_exceeded':
      return [`${budgetsFor(stage)}${resume}`];
    case 'no_validator':
    case 'validator_error':
      return [startAgain(manifest, root, ['--validator', '<command>'])];
    case 'blocked_on_human':
      return [startAgain(manifest, root, [], '<goal, with the answer>')];
    case 'invalid_config':
      return [];
    case undefined:
    default:
      return [resume];
  }
}

/** Twice what was used, whichever of it was too much. */
function budgetsFor({ loop }: StageRecord): string {
  if (loop == null) return '';
  const cost = Math.max(0.01, 2 * loop.cost_usd).toFixed(2);
  const usd = loop.cost_usd === 0 ? [] : [`RLM_MAX_COST_USD=${cost} `];
  const tokens = 2 * (loop.input_tokens + loop.output_tokens);
  return [...usd, ...(tokens === 0 ? [] : [`RLM_MAX_TOKENS=${String(tokens)} `])].join('');
}

function startAgain(
  manifest: Manifest,
  root: string,
  flags: readonly string[],
  wanted?: string,
): string {
  const { pipeline_id: pipeline, task_id: task } = manifest;
  const goal = wanted ?? goalOf(manifest, root) ?? '<goal>';
  return quoteArgv(
    pipeline === 'rlm'
      ? ['codex-orchestrator', 'rlm', '--task', task, ...flags, '--', goal]
      : ['codex-orchestrator', 'start', pipeline, '--task', task, ...flags, '--goal', goal],
  );
}

/** Longer than this, nobody reads it in a command. */
const maxGoalCharacters = 80;

function goalOf(manifest: Manifest, root: string): string | undefined {
  const { goal } = readLoopState(manifest, root);
  if (goal === undefined || goal.length > maxGoalCharacters) return undefined;
  return printable(goal) === goal ? goal : undefined;
}
