import type { Usage } from '../agent/agent.js';
import type { Turn, TurnOutcome } from '../agent/turn.js';
import type { Iteration } from '../loop/iteration.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import { asksPerson, blockedQuestion } from './asks-person.js';
import { findStall } from './find-stall.js';
import { findLimit } from './find-limit.js';
import { messageOfTurns } from './message-of-turns.js';
import { placeOf } from './place-of.js';
import { verdictOf } from './verdict-of.js';
import type { Verdict } from './verdict.js';

/** All that a verdict is made from. */
export interface DecisionFacts {
  readonly settings: LoopSettings;
  /** Those that are recorded, of all attempts, ascending. */
  readonly iterations: readonly Iteration[];
  /** What all of them used. */
  readonly usage: Usage;
  /** How long the loop has worked, in all attempts. */
  readonly activeMs: number;
  /** Why the loop was made to stop, where it was. */
  readonly stopped?: 'cancelled' | 'max_minutes' | undefined;
  /**
   * Iterations of earlier attempts: they count for what is used up, and not for what happened in a row,
   * as whoever resumed the loop may have mended what was in its way. @default 0
   */
  readonly earlierIterations?: number | undefined;
}

/**
 * The verdict after an iteration; undefined where the loop goes on. What comes first counts: a cancelled
 * loop has no success to report, a judge that was tampered with or cannot be run has judged nothing, and
 * then a pass is a pass, on the last allowed iteration and with the last of the money too. Of what is left
 * the more particular reason wins over a limit that happened to be reached by it. Pure.
 */
export function decide(loop: DecisionFacts): Verdict | undefined {
  const last = loop.iterations.at(-1);
  if (loop.stopped === 'cancelled') return cancelled();
  if (last === undefined) return findLimit(loop);
  return (
    findTampering(last, loop.settings) ??
    findBrokenValidator(last) ??
    findPass(last, loop.settings) ??
    findErrors(loop) ??
    findQuestion(loop) ??
    // Where nobody judges, the iterations that were asked for are the only measure there is.
    (loop.settings.validators.length === 0 ? findLimit(loop) : undefined) ??
    findStandstill(loop) ??
    findLimit(loop)
  );
}

/**
 * The verdict before an iteration: only what holds whatever the next one would do. A loop that is
 * resumed after it had stalled, failed or asked goes on; one whose last recorded iteration passed is done,
 * because it died before it could say so.
 */
export function decideBefore(loop: DecisionFacts): Verdict | undefined {
  if (loop.stopped === 'cancelled') return cancelled();
  const last = loop.iterations.at(-1);
  if (last && !findTampering(last, loop.settings)) {
    const passed = findPass(last, loop.settings);
    if (passed) return passed;
  }
  return findLimit(loop);
}

function cancelled(): Verdict {
  return verdictOf('cancelled', 'The loop was cancelled.');
}

function findTampering(last: Iteration, { onTamper }: LoopSettings): Verdict | undefined {
  if (onTamper !== 'refuse' || last.tampered.length === 0) return undefined;
  const files = listTampered(last);
  return verdictOf(
    'validator_tampered',
    `Iteration ${last.n} left protected files other than they were: ${files}.`,
  );
}

function listTampered({ tampered }: Iteration): string {
  const more = tampered.length > 5 ? ` and ${tampered.length - 5} more` : '';
  return `${tampered.slice(0, 5).join(', ')}${more}`;
}

function findBrokenValidator(last: Iteration): Verdict | undefined {
  const broken = last.validators.find(({ outcome }) => outcome === 'not-runnable');
  if (broken === undefined) return undefined;
  const code = broken.exitCode === null ? 'could not be started' : `exit ${broken.exitCode}`;
  return verdictOf(
    'validator_error',
    `The validator ${broken.name} cannot be run (${code}): ${broken.command}`,
  );
}

/** Each of the validators has to have passed by name: a missing judgement is none. */
function findPass(last: Iteration, { validators }: LoopSettings): Verdict | undefined {
  if (!last.completed || validators.length === 0) return undefined;
  if (last.validators.some(({ outcome }) => outcome !== 'passed')) return undefined;
  const passed = new Set(last.validators.map(({ name }) => name));
  if (!validators.every(({ name }) => passed.has(name))) return undefined;
  const who = validators.length === 1 ? 'The validator' : `All ${validators.length} validators`;
  // Whoever reads of a pass has to read in the same place what it is worth.
  const doubt = last.tampered.length === 0 ? '' : `, after a change to ${listTampered(last)}`;
  return verdictOf('passed', `${who} passed in iteration ${last.n}${doubt}.`);
}

/** Ends that the loop itself brought about say nothing about the agent. */
const notTheAgents: readonly TurnOutcome[] = ['cancelled', 'budget-limit', 'output-limit'];

/**
 * Iterations in a row are counted and not turns: with several roles, a planner that succeeds each time would
 * hide a worker that never does.
 */
function findErrors(loop: DecisionFacts): Verdict | undefined {
  const limit = loop.settings.limits.maxConsecutiveErrors;
  const recent = ofThisAttempt(loop);
  const failed: Turn[] = [];
  for (const iteration of recent.toReversed()) {
    const turn = iteration.turns.find(({ outcome }) => outcome !== 'completed');
    if (turn === undefined) {
      if (iteration.completed) break;
      continue;
    }
    if (!notTheAgents.includes(turn.outcome)) failed.push(turn);
  }
  const [latest] = failed;
  if (latest?.outcome === 'spawn-failed' && recent.at(-1)?.turns.includes(latest)) {
    return verdictOf('error', `The agent could not be started${because(latest)}`);
  }
  if (latest === undefined || failed.length < limit) return undefined;
  const count = failed.length === 1 ? 'A turn' : `${failed.length} turns in a row`;
  return verdictOf(
    'error',
    `${count} did not complete; the last one: ${latest.outcome}${because(latest)}`,
  );
}

function because({ reason }: Turn): string {
  return reason === null ? '.' : `: ${reason}`;
}

/**
 * A question in the form that prompts ask for ends the loop at once. One that is only read out of how the
 * agent speaks has to come twice in a row, with the validators saying the same of both.
 */
function findQuestion(loop: DecisionFacts): Verdict | undefined {
  const recent = ofThisAttempt(loop);
  const last = recent.at(-1);
  if (!last?.completed) return undefined;
  const message = messageOfTurns(last.turns);
  const said = blockedQuestion(message);
  if (said !== undefined) return blocked(said);
  const question = asksPerson(message, { changed: hasChanged(last) });
  const before = recent.at(-2);
  if (question === undefined || !before?.completed) return undefined;
  if (placeOf(before).verdicts !== placeOf(last).verdicts) return undefined;
  const earlier = asksPerson(messageOfTurns(before.turns), { changed: hasChanged(before) });
  return earlier === undefined ? undefined : blocked(question);
}

function blocked(question: string): Verdict {
  return verdictOf('blocked_on_human', `The agent waits for an answer: ${question}`);
}

function hasChanged({ treeBefore, treeAfter }: Iteration): boolean {
  return treeBefore !== null && treeAfter !== null && treeBefore !== treeAfter;
}

function findStandstill(loop: DecisionFacts): Verdict | undefined {
  const stall = findStall(ofThisAttempt(loop), loop.settings.stallAfter);
  return stall && verdictOf('stalled', stall.reason);
}

function ofThisAttempt({ iterations, earlierIterations = 0 }: DecisionFacts): readonly Iteration[] {
  return iterations.slice(earlierIterations);
}
