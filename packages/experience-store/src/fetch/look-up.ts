import type { Stats } from 'node:fs';

import type { Ports } from '../ports.js';
import { createExperienceLayout } from '../layout.js';
import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';
import type { Cost } from '../log/read-cost.js';
import { openKnownLog, statLog, unreadable } from '../log/scan-log.js';
import type { LogFile } from '../log/scan-log.js';
import type { ScanBudgets } from '../log/scan-pieces.js';
import { answerFromIndex } from './answer-index.js';
import { isSettled } from './answer-memory.js';
import type { AnswerMemory } from './answer-memory.js';
import type { Found } from './pick-best.js';
import type { FetchResult, Want } from './query.js';

export interface FetchContext {
  readonly runsDir: string;
  readonly outDir: string;
  readonly ports: Ports;
  readonly budgets?: ScanBudgets | undefined;
  /** What this store has answered before. */
  readonly memory: AnswerMemory;
  readonly signal?: AbortSignal | undefined;
}

/** A look-up in one log that is open. */
export interface LookUp {
  readonly layout: ExperienceLayout;
  readonly log: LogFile;
  readonly files: CountedFiles;
  readonly ports: Ports;
  readonly budgets: ScanBudgets | undefined;
  readonly signal: AbortSignal | undefined;
  readonly problems: string[];
}

export interface LogAnswer {
  readonly records: readonly Found[];
  readonly source: FetchResult['source'];
  readonly truncated: boolean;
}

export type LogAnswers = Map<Want, LogAnswer>;

export interface TaskAnswers {
  readonly answers: ReadonlyMap<Want, LogAnswer>;
  readonly cost: Cost;
  readonly problems: readonly string[];
}

const EMPTY: LogAnswer = { records: [], source: 'empty', truncated: false };

/**
 * Answers queries on one task, each of another domain: the log is opened once, and read once at most for
 * all that the index cannot answer.
 *
 * @throws ExperienceError `STORE_UNREADABLE`; the reason of the signal.
 */
export async function lookUpTask(
  taskId: string,
  wants: readonly Want[],
  context: FetchContext,
): Promise<TaskAnswers> {
  const { ports, memory, signal } = context;
  signal?.throwIfAborted();
  const layout = createExperienceLayout({ ...context, taskId });
  const files = new CountedFiles(ports.fs);
  const problems: string[] = [];
  const answers: LogAnswers = new Map();
  const before = statLog(layout, files);
  for (const want of wants) {
    const known = before ? memory.recall(layout.logPath, before, want) : EMPTY;
    if (known) answers.set(want, known);
  }
  const left = wants.filter((want) => !answers.has(want));
  if (before && left.length > 0) {
    const found = await readAnswers({ layout, files, problems }, left, { context, before });
    for (const [want, answer] of found) answers.set(want, answer);
  }
  return { answers, cost: files.cost, problems };
}

async function readAnswers(
  parts: Pick<LookUp, 'files' | 'layout' | 'problems'>,
  wants: readonly Want[],
  { context, before }: { readonly context: FetchContext; readonly before: Stats },
): Promise<LogAnswers> {
  const { layout, files, problems } = parts;
  const { ports, budgets, memory, signal } = context;
  // First of all: whatever the index says is compared with this file, even if another takes its place.
  const log = openKnownLog(layout, files);
  if (!log) return new Map(wants.map((want) => [want, EMPTY]));
  try {
    const lookUp = { ...parts, log, ports, budgets, signal };
    const answers = await answerFromIndex(lookUp, wants);
    const left = wants.filter((want) => !answers.has(want));
    if (left.length > 0) {
      // Seldom needed, with all that mends an index behind it.
      const { answerByScan } = await import('./answer-scan.js');
      for (const [want, answer] of await answerByScan(lookUp, left)) answers.set(want, answer);
    }
    const isLasting =
      problems.length === 0 && isSettled(before, ports.fs.fstat(log.fd), ports.clock.nowMs());
    for (const answer of isLasting ? answers : []) {
      if (!answer[1].truncated) memory.keep(layout.logPath, before, answer);
    }
    return answers;
  } catch (error) {
    throw unreadable(layout, error);
  } finally {
    files.close(log.fd);
  }
}
