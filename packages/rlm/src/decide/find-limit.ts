import type { Usage } from '../agent/agent.js';
import type { Iteration } from '../loop/iteration.js';
import type { LoopLimits } from '../settings/loop-settings.js';
import type { DecisionFacts } from './decide.js';
import { verdictOf } from './verdict-of.js';
import type { Verdict } from './verdict.js';

/**
 * The limit that is reached: money, tokens and output, then time, then iterations. Where nobody judges, a
 * loop has done what it was asked for when its iterations are done, or its time where that is its only
 * limit.
 */
export function findLimit(loop: DecisionFacts): Verdict | undefined {
  return findSpent(loop) ?? findTimeOver(loop) ?? findLastIteration(loop);
}

function findSpent({ iterations, settings, usage }: DecisionFacts): Verdict | undefined {
  const turns = iterations.at(-1)?.turns ?? [];
  const flooded = turns.find(({ outcome }) => outcome === 'output-limit');
  if (flooded) {
    const { maxOutputBytes } = settings.limits;
    return spent(flooded.reason ?? `A turn printed more than ${maxOutputBytes} bytes.`);
  }
  const over = describeSpending(usage, settings.limits);
  if (over !== undefined) return spent(over);
  const stopped = turns.find(({ outcome }) => outcome === 'budget-limit');
  return stopped && spent(stopped.reason ?? 'A turn used up what the loop may use.');
}

function describeSpending(usage: Usage, limits: LoopLimits): string | undefined {
  const { maxCostUsd, maxTokens } = limits;
  if (maxCostUsd !== null && usage.costUsd >= maxCostUsd) {
    return `The loop cost ${usage.costUsd.toFixed(4)} USD of the ${maxCostUsd} that it may.`;
  }
  const tokens = usage.inputTokens + usage.outputTokens;
  if (maxTokens === null || tokens < maxTokens) return undefined;
  return `The loop used ${tokens} tokens of the ${maxTokens} that it may.`;
}

function spent(reason: string): Verdict {
  return verdictOf('budget_exceeded', reason);
}

function findTimeOver(loop: DecisionFacts): Verdict | undefined {
  const { maxMinutes, maxIterations } = loop.settings.limits;
  const over = maxMinutes !== null && loop.activeMs >= maxMinutes * 60_000;
  if (!over && loop.stopped !== 'max_minutes') return undefined;
  const limit = maxMinutes === null ? 'its time' : `its ${maxMinutes} minutes`;
  if (loop.settings.validators.length === 0 && maxIterations === null) {
    return endUnjudged(loop.iterations, limit);
  }
  return verdictOf('max_minutes', `The loop has used ${limit}.`);
}

function findLastIteration({ iterations, settings }: DecisionFacts): Verdict | undefined {
  const { maxIterations } = settings.limits;
  const done = iterations.length;
  if (maxIterations === null || done < maxIterations) return undefined;
  const limit = done === 1 ? 'its only iteration' : `its ${maxIterations} iterations`;
  if (settings.validators.length === 0) return endUnjudged(iterations, limit);
  const failed = iterations.at(-1)?.validators.filter(({ outcome }) => outcome !== 'passed') ?? [];
  const names = failed.map(({ name }) => name).join(', ');
  const open = iterations.at(-1)?.completed
    ? 'what passed in the last one has changed since'
    : 'the last one did not complete';
  const why = names === '' ? open : `${names} did not pass`;
  return verdictOf('max_iterations', `The loop has used ${limit}, and ${why}.`);
}

/** An end of all iterations is only one of work where there was some. */
function endUnjudged(iterations: readonly Iteration[], limit: string): Verdict {
  const useful = iterations.filter(didSomething).length;
  if (useful > 0) {
    return verdictOf(
      'budget_complete',
      `The loop has used ${limit}, and nobody judges the result.`,
    );
  }
  const anyCompleted = iterations.some(({ completed }) => completed);
  const why = anyCompleted ? 'the agent was kept from all it wanted to do' : 'no turn completed';
  return verdictOf('error', `The loop has used ${limit}, and ${why}.`);
}

/**
 * Whether a turn came to its end and was not merely denied everything: agents that may change nothing
 * end well and claim success.
 */
function didSomething({ completed, turns, treeBefore, treeAfter }: Iteration): boolean {
  if (!completed) return false;
  const denials = turns.reduce((sum, turn) => sum + turn.denials.length, 0);
  if (denials === 0) return true;
  if (treeBefore !== null && treeAfter !== null) return treeBefore !== treeAfter;
  // Without knowledge of changes: some of what it called has to have been allowed.
  return turns.reduce((sum, turn) => sum + turn.toolCalls, 0) > denials;
}
