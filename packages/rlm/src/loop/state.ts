import { quoteArgv } from '@codex-orchestrator/exec';

import type { Usage } from '../agent/agent.js';
import { statusForState } from '../decide/status-for-state.js';
import type { Verdict } from '../decide/verdict.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import type { Validator } from '../validator/validator.js';
import type { Iteration } from './iteration.js';

/** What `state.json` is made from. */
export interface LoopProgress {
  readonly settings: LoopSettings;
  readonly iterations: readonly Iteration[];
  readonly usage: Usage;
  /** Iteration with the best result so far; null before there is one. */
  readonly best: number | null;
  readonly startTree: string | null;
  readonly branch: string | null;
  readonly verdict: Verdict | undefined;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/**
 * The state of a loop as `state.json` has it. Goal, validator, roles, limits, the first six members of
 * each iteration and `final` are as other readers know them; 0 stands for an unlimited number of
 * iterations, null for no limit of time.
 */
export function describeState(progress: LoopProgress): Record<string, unknown> {
  const { settings, iterations, usage, best, startTree, branch, verdict, redact } = progress;
  const { goal, validators, roles, limits, agent, isolation } = settings;
  const commands = validators.map((validator) => redact(commandText(validator)));
  return {
    goal: redact(goal),
    validator: commands.join(' && ') || 'none',
    roles,
    maxIterations: limits.maxIterations ?? 0,
    maxMinutes: limits.maxMinutes,
    iterations: iterations.map(describeIteration),
    ...(verdict && { final: describeVerdict(verdict) }),
    agent: agent.name,
    validators: validators.map(({ name }, at) => ({ name, command: commands[at] })),
    isolation,
    branch,
    startTree,
    best,
    usage,
  };
}

/** The state of a loop that could not begin. */
export function describeRefusal(verdict: Verdict): Record<string, unknown> {
  return { validator: null, iterations: [], final: describeVerdict(verdict) };
}

function describeVerdict(verdict: Verdict): Record<string, unknown> {
  const { exitCode, reason } = verdict;
  return { status: statusForState(verdict), exitCode, reason };
}

/** The whole record of an iteration is in the journal; here is what a reader of many looks for. */
function describeIteration(iteration: Iteration): Record<string, unknown> {
  const { n, startedAt, summary, validatorExitCode, validatorLogPath, diffSummary } = iteration;
  const { completedAt, durationMs, completed, turns, validators, treeAfter, tampered } = iteration;
  return {
    n,
    startedAt,
    summary,
    validatorExitCode,
    validatorLogPath,
    diffSummary,
    completedAt,
    durationMs,
    completed,
    agent: turns.map(({ role, outcome }) => ({ role, outcome })),
    validators: validators.map(({ name, outcome, exitCode }) => ({ name, outcome, exitCode })),
    tree: treeAfter,
    ...(tampered.length > 0 && { tampered }),
  };
}

function commandText({ command }: Pick<Validator, 'command'>): string {
  return typeof command === 'string' ? command : quoteArgv(command);
}
