import { createRandom, median } from '@codex-orchestrator/report/statistics';

import type { TimeGuard } from '../guard/guard.js';
import { createSampler } from './sampler.js';
import type { PreparedSide, Sampler, SideTimes } from './sampler.js';
import type { TimeJob } from './time-job.js';

export interface Rounds {
  readonly batch: number;
  readonly rounds: readonly (readonly SideTimes[])[];
}

/** Calls all sides once per round, in an order drawn anew, after rounds that are not counted. */
export async function measureRounds(
  sides: readonly PreparedSide[],
  sample: TimeGuard['sample'],
  job: TimeJob,
): Promise<Rounds> {
  const random = createRandom(job.seed);
  const round = async (sampler: Sampler): Promise<SideTimes[]> => {
    const times: SideTimes[] = [];
    for (const { side } of shuffled(sides, random)) times.push(await sampler(side));
    return times;
  };
  const repeat = async (count: number, sampler: Sampler): Promise<SideTimes[][]> => {
    const rounds: SideTimes[][] = [];
    for (let done = 0; done < count; done += 1) rounds.push(await round(sampler));
    return rounds;
  };
  let batch = job.batch ?? 1;
  let sampler = createSampler(sides, { sample, batch });
  let warm = await repeat(job.warmUps, sampler);
  // Compiled code is faster than what the first calls showed: the size of a batch is found step by step.
  for (let step = 0; step < 8 && job.batch === null && sample !== 'process'; step += 1) {
    const needed = neededBatch(warm, batch, job.sampleMs);
    if (needed <= batch * 1.2) break;
    batch = Math.min(needed, batch * 30);
    sampler = createSampler(sides, { sample, batch });
    warm = await repeat(Math.max(3, Math.ceil(job.warmUps / 3)), sampler);
  }
  return { batch, rounds: await repeat(job.rounds, sampler) };
}

function neededBatch(
  rounds: readonly (readonly SideTimes[])[],
  batch: number,
  sampleMs: number,
): number {
  const first = rounds.slice(-3).map((times) => baseTime(times) ?? sampleMs);
  if (first.length === 0) return batch;
  // Below the resolution of the clock a call takes nothing.
  const perCallMs = Math.max(median(first), 1e-6);
  return Math.min(Math.ceil(sampleMs / perCallMs), 1_000_000);
}

function baseTime(times: readonly SideTimes[]): number | undefined {
  return (times.find(({ side }) => side === 'base') ?? times[0])?.cpuMs;
}

/** A copy in an order drawn by Fisher and Yates. */
export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const copy = [...values];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
