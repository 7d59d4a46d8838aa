import type { IndexPorts } from '../index/index-job.js';
import { createExperienceLayout } from '../layout.js';
import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';
import type { Cost } from '../log/read-cost.js';
import { openLogFile, unreadable } from '../log/scan-log.js';
import type { LogFile } from '../log/scan-log.js';
import type { ScanBudgets } from '../log/scan-pieces.js';
import { answerFromIndex } from './answer-index.js';
import type { Found } from './pick-best.js';
import type { Want } from './query.js';

export interface FetchContext {
  readonly runsDir: string;
  readonly outDir: string;
  readonly ports: IndexPorts;
  readonly budgets?: ScanBudgets | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A look-up in one log that is open. */
export interface LookUp {
  readonly layout: ExperienceLayout;
  readonly log: LogFile;
  readonly files: CountedFiles;
  readonly ports: IndexPorts;
  readonly budgets: ScanBudgets | undefined;
  readonly signal: AbortSignal | undefined;
  readonly problems: string[];
}

export interface LogAnswer {
  readonly records: readonly Found[];
  readonly source: 'empty' | 'index' | 'scan';
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
  const { ports, budgets, signal } = context;
  signal?.throwIfAborted();
  const layout = createExperienceLayout({ ...context, taskId });
  const files = new CountedFiles(ports.fs);
  const problems: string[] = [];
  // First of all: whatever the index says is compared with this file, even if another takes its place.
  const log = openLogFile(layout, files);
  if (!log)
    return { answers: new Map(wants.map((want) => [want, EMPTY])), cost: files.cost, problems };
  try {
    const lookUp = { layout, log, files, ports, budgets, signal, problems };
    const answers = await answerFromIndex(lookUp, wants);
    const left = wants.filter((want) => !answers.has(want));
    if (left.length > 0) {
      // Seldom needed, with all that mends an index behind it.
      const { answerByScan } = await import('./answer-scan.js');
      for (const [want, answer] of await answerByScan(lookUp, left)) answers.set(want, answer);
    }
    return { answers, cost: files.cost, problems };
  } catch (error) {
    throw unreadable(layout, error);
  } finally {
    files.close(log.fd);
  }
}
