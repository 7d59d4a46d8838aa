import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createRandom } from '@codex-orchestrator/report/statistics';

import { messageOf } from '../errors.js';
import { runChild } from '../exact/run-child.js';
import { packagePath } from '../package-path.js';
import type { PairedSample } from '../results/result.js';
import type { Layout } from './layout.js';
import type { Side } from './log-ratios.js';
import type { SideCopies } from './sides.js';
import type { TimeJob, TimeOutcome } from './time-job.js';

export interface MeasureOptions {
  readonly guardFile: string;
  /** Name of the guard; orders are drawn from it and the seed. */
  readonly guard: string;
  readonly copies: SideCopies;
  readonly sides: readonly Side[];
  /** Share of the processor time that a side is slowed by, on purpose. */
  readonly extraShares?: Partial<Readonly<Record<Side, number>>>;
  readonly layout: Layout;
  readonly seed: number;
  /** A folder for the folders of processes. */
  readonly work: string;
  readonly dataFolder: string;
  /** Of each process. @default 180 000 */
  readonly timeoutMs?: number;
  /** @default the built `time-child.js` of this package */
  readonly childProgram?: string;
}

/** What fresh processes measured, or why there is nothing that could be judged. */
export type BatchOutcome =
  | { readonly outcome: 'measured'; readonly samples: readonly PairedSample[] }
  | Exclude<TimeOutcome, { readonly outcome: 'measured' }>;

/** Measures in fresh processes, one after the other; each call of the function is one more batch of them. */
export type Measure = () => Promise<BatchOutcome>;

/** Prepares the measurement of a guard. Processes are numbered through all batches. */
export function createMeasure(options: MeasureOptions): Measure {
  let started = 0;
  let batch: number | null = null;
  return async () => {
    const samples: PairedSample[] = [];
    for (let count = 0; count < options.layout.processes; count += 1) {
      const number = started;
      started += 1;
      const outcome = await runProcess(options, number, batch);
      if (outcome.outcome !== 'measured') return outcome;
      batch = outcome.batch;
      const wrong = findGap(outcome.rounds, options);
      if (wrong !== undefined) return { outcome: 'failed', message: wrong };
      for (const [round, calls] of outcome.rounds.entries()) {
        samples.push({ process: number, round, calls });
      }
    }
    return { outcome: 'measured', samples };
  };
}

async function runProcess(
  options: MeasureOptions,
  number: number,
  batch: number | null,
): Promise<TimeOutcome> {
  const { guard, sides, copies, work, extraShares = {} } = options;
  const seed = derivedSeed(options.seed, `${guard}#${number}`);
  const place = join(work, String(number));
  const folder = join(place, 'folder');
  await mkdir(folder, { recursive: true });
  return copies.place(sides, createRandom(seed + 2), async (slots) => {
    const { layout, guardFile, dataFolder } = options;
    const { warmUps, rounds, sampleMs } = layout;
    const job: TimeJob = {
      ...{ guardFile, folder, dataFolder, warmUps, rounds, batch, sampleMs, seed },
      sides: [...slots].map(([side, slot]) => ({ side, slot, extraShare: extraShares[side] ?? 0 })),
      answerFile: join(place, 'answer.json'),
    };
    return runJob(job, join(place, 'job.json'), options);
  });
}

async function runJob(
  job: TimeJob,
  jobFile: string,
  { timeoutMs = 180_000, childProgram }: MeasureOptions,
): Promise<TimeOutcome> {
  const program = childProgram ?? packagePath('dist/time-child.js');
  try {
    await runChild(job, { jobFile, folder: job.folder, timeoutMs, program });
    return JSON.parse(await readFile(job.answerFile, 'utf8')) as TimeOutcome;
  } catch (error) {
    return { outcome: 'failed', message: `No result: ${messageOf(error)}` };
  }
}

/** What is missing of the rounds that were asked for; undefined where nothing is. */
function findGap(
  rounds: readonly PairedSample['calls'][],
  { layout, sides }: MeasureOptions,
): string | undefined {
  if (rounds.length !== layout.rounds) {
    return `Expected ${layout.rounds} rounds of a process, got ${rounds.length}`;
  }
  for (const [index, calls] of rounds.entries()) {
    const called = new Set(calls.map(({ side }) => side));
    const whole = sides.every((side) => called.has(side)) && calls.length === sides.length;
    if (!whole) return `Expected one sample of each side in round ${index}`;
    if (calls.some(({ cpuMs }) => !(cpuMs > 0 && Number.isFinite(cpuMs)))) {
      return `Expected processor time of each side in round ${index}, got none`;
    }
  }
  return undefined;
}

function derivedSeed(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}\n${name}`).digest().readUInt32BE();
}
