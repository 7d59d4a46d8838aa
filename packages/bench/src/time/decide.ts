import type { PairedSample } from '../results/result.js';
import { logRatios } from './log-ratios.js';
import type { Side } from './log-ratios.js';
import type { BatchOutcome, Measure } from './measure-batch.js';
import { describeRatio, judgePairs } from './verdict.js';
import type { JudgeOptions, TimeJudgement } from './verdict.js';

/** How a guard was decided. */
export interface Decision {
  readonly verdict: TimeJudgement['verdict'] | 'new' | 'failed';
  readonly reason: string;
  /** What the verdict rests on; undefined where nothing was measured. */
  readonly judgement: TimeJudgement | undefined;
  /** All that was measured, in the order of time. */
  readonly samples: readonly PairedSample[];
}

export interface DecideOptions extends JudgeOptions {
  /** @default 'candidate' */
  readonly side?: Side;
  /** Batches of processes until a verdict, or the end of the attempt to find one. @default 12 */
  readonly maxBatches?: number;
}

/**
 * Measures until there is a verdict: what is undecided is measured once more and judged by all samples, for
 * so many batches. What looks like a regression must be found again by fresh processes, judged by
 * themselves. That it stops as soon as it knows costs no false alarm, as a verdict needs more than chance:
 * an interval beyond the margin.
 */
export async function decide(measure: Measure, options: DecideOptions): Promise<Decision> {
  const first = await measureUntilClear(measure, options);
  if ('outcome' in first) return stopped(first, []);
  const { found } = first;
  if (found.verdict !== 'regressed') return decided(found, describe(found), first.samples);
  const again = await measureUntilClear(measure, options);
  if ('outcome' in again) return stopped(again, first.samples);
  return confirmed(found, again.found, [...first.samples, ...again.samples]);
}

interface Found {
  readonly found: TimeJudgement;
  readonly samples: readonly PairedSample[];
}

type Stop = Exclude<BatchOutcome, { readonly outcome: 'measured' }>;

async function measureUntilClear(measure: Measure, options: DecideOptions): Promise<Found | Stop> {
  const { maxBatches = 12 } = options;
  const samples: PairedSample[] = [];
  for (let batches = 1; ; batches += 1) {
    const batch = await measure();
    if (batch.outcome !== 'measured') return batch;
    samples.push(...batch.samples);
    const found = judge(samples, options);
    if (found.verdict !== 'undecided' || batches >= maxBatches) return { found, samples };
  }
}

function judge(samples: readonly PairedSample[], options: DecideOptions): TimeJudgement {
  return judgePairs(logRatios(samples, options.side ?? 'candidate'), options);
}

function confirmed(
  found: TimeJudgement,
  fresh: TimeJudgement,
  samples: readonly PairedSample[],
): Decision {
  if (fresh.verdict === 'regressed') {
    return decided(fresh, `slower: ${describeRatio(fresh)}, found twice`, samples);
  }
  const first = `a first measurement said ${describeRatio(found)}`;
  return decided(fresh, `${describe(fresh)}; ${first}, which was not found again`, samples);
}

function describe(judgement: TimeJudgement): string {
  const ratio = describeRatio(judgement);
  switch (judgement.verdict) {
    case 'regressed':
      return `slower: ${ratio}`;
    case 'improved':
      return `faster: ${ratio}`;
    case 'unchanged':
      return `no change that matters: ${ratio}`;
    case 'undecided':
      return `too noisy to tell: ${ratio}`;
  }
}

function decided(
  judgement: TimeJudgement,
  reason: string,
  samples: readonly PairedSample[],
): Decision {
  return { verdict: judgement.verdict, reason, judgement, samples: [...samples] };
}

function stopped({ outcome, message }: Stop, samples: readonly PairedSample[]): Decision {
  return { verdict: outcome, reason: message, judgement: undefined, samples: [...samples] };
}
