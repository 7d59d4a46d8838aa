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
}

/**
 * Measures until there is a verdict, at most three batches: what one batch leaves undecided is measured
 * once more and judged by both; what looks like a regression must be found again by fresh processes, judged
 * by themselves.
 */
export async function decide(measure: Measure, options: DecideOptions): Promise<Decision> {
  const samples: PairedSample[] = [];
  const more = async (): Promise<readonly PairedSample[] | Decision> => {
    const batch = await measure();
    if (batch.outcome !== 'measured') return stopped(batch, samples);
    samples.push(...batch.samples);
    return batch.samples;
  };
  const first = await more();
  if (isDecision(first)) return first;
  let found = judge(samples, options);
  if (found.verdict === 'undecided') {
    const second = await more();
    if (isDecision(second)) return second;
    found = judge(samples, options);
  }
  if (found.verdict !== 'regressed') return decided(found, describe(found), samples);
  const fresh = await more();
  if (isDecision(fresh)) return fresh;
  return confirmed(found, judge(fresh, options), samples);
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

function stopped(
  { outcome, message }: Exclude<BatchOutcome, { readonly outcome: 'measured' }>,
  samples: readonly PairedSample[],
): Decision {
  return { verdict: outcome, reason: message, judgement: undefined, samples: [...samples] };
}

function isDecision(value: readonly PairedSample[] | Decision): value is Decision {
  return 'verdict' in value;
}
