import type { Stats } from 'node:fs';

import type { Experience } from '../record/record.js';
import type { LogAnswer } from './look-up.js';
import type { Want } from './query.js';

/** Of all answers together; beyond that the one that was asked for longest ago goes. */
const MOST_RECORDS = 8192;

/** Two changes of a file within one tick of its clock have one time: what changed just now is not kept. */
const SETTLED_MS = 1000;

/**
 * Answers of one store. An answer follows from the log alone, so it holds as long as the log is the same
 * file, of the same length, and was not changed since.
 */
export class AnswerMemory {
  readonly #kept = new Map<string, KeptAnswer>();
  #records = 0;

  recall(logPath: string, log: Stats, want: Want): LogAnswer | undefined {
    const key = keyOf(logPath, want);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    this.#drop(key, kept);
    if (kept.state !== stateOf(log)) return undefined;
    this.#add(key, kept);
    return kept.answer;
  }

  /** @param log As it was before the answer was looked for, and is behind it. */
  keep(logPath: string, log: Stats, [want, answer]: readonly [Want, LogAnswer]): void {
    const key = keyOf(logPath, want);
    const before = this.#kept.get(key);
    if (before) this.#drop(key, before);
    for (const { record } of answer.records) freeze(record);
    this.#add(key, { answer: { ...answer, source: 'memory' }, state: stateOf(log) });
    for (const [oldest, kept] of this.#kept) {
      if (this.#records <= MOST_RECORDS) return;
      this.#drop(oldest, kept);
    }
  }

  #add(key: string, kept: KeptAnswer): void {
    this.#kept.set(key, kept);
    this.#records += sizeOf(kept);
  }

  #drop(key: string, kept: KeptAnswer): void {
    this.#kept.delete(key);
    this.#records -= sizeOf(kept);
  }
}

interface KeptAnswer {
  readonly answer: LogAnswer;
  readonly state: string;
}

/** Several callers are given the parts of a record; the record itself each has for its own. */
function freeze({ reward, evidence, toolStats }: Experience): void {
  for (const part of [reward, evidence, toolStats, ...toolStats]) Object.freeze(part);
}

/** Whether a log that was looked through is still what it was, and will show the next change. */
export function isSettled(before: Stats, after: Stats, nowMs: number): boolean {
  return stateOf(before) === stateOf(after) && nowMs - after.mtimeMs > SETTLED_MS;
}

function stateOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

function keyOf(logPath: string, { domain, limit, minScore }: Want): string {
  return `${limit} ${minScore} ${logPath.length} ${logPath} ${domain}`;
}

/** An answer without records takes its place too. */
function sizeOf({ answer }: KeptAnswer): number {
  return 1 + answer.records.length;
}
