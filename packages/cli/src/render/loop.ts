import type { LoopAnswer } from '../rlm/loop-answer.js';
import { countOf, formatCount } from './metrics-numbers.js';
import { printableLine } from './printable.js';

/** A reason takes a line or two of a terminal. */
const maxColumns = 300;

/** What a loop came to and what that took, in one line, without its reason. */
export function loopFacts(loop: LoopAnswer): string {
  const { agent, iterations, best_iteration: best, findings, branch } = loop;
  const closest = best === null || best === iterations ? '' : ` (best: ${String(best)})`;
  return [
    `${countOf(iterations, 'iteration')}${closest}${iterations === 0 ? '' : ` with ${agent}`}`,
    ...(loop.tokens === 0 ? [] : [`${formatCount(loop.tokens)} tokens`]),
    ...(loop.cost_usd === 0 ? [] : [`$${loop.cost_usd.toFixed(2)}`]),
    ...(findings === 0 ? [] : [countOf(findings, 'finding')]),
    ...(branch === null ? [] : [`branch ${branch}`]),
  ].join(', ');
}

/** A loop for people: why it ended, and what it came to. */
export function renderLoop(loop: LoopAnswer): string[] {
  const why = printableLine(loop.summary ?? loop.verdict, maxColumns);
  return [`Loop: ${why}`, `  ${loopFacts(loop)}; ${loop.state}`];
}
