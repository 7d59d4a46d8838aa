import type { Control, Measure as Measured, PairedSample } from '../results/result.js';
import { logRatios } from './log-ratios.js';
import type { Measure } from './measure-batch.js';
import { defaultTimeRule, describeRatio, judgePairs } from './verdict.js';
import type { TimeJudgement } from './verdict.js';

/** What the base is slowed by where it must be found. */
export const slowedShare = 0.1;

/** The widest an interval may be, to either side, for its verdicts to be worth anything. */
const widestHalf = 0.05;

/**
 * Judges two builds whose answers are known, from samples that were taken in the same rounds: the base once
 * more, which must not differ, and the base slowed by 10 %, which must be found.
 */
export function judgeControls(
  samples: readonly PairedSample[],
  { guard, seed }: { readonly guard: string; readonly seed: number },
): readonly Control[] {
  const same = judgePairs(logRatios(samples, 'null'), { seed });
  const slowed = judgePairs(logRatios(samples, 'slowed'), { seed });
  return [
    { name: 'null copy', guard, ...judgeNull(same), measures: measuresOf(same) },
    {
      name: 'slowed by 10 %',
      guard,
      passed: slowed.verdict === 'regressed',
      reason: `the base with 10 % more work: ${describeRatio(slowed)}`,
      measures: measuresOf(slowed),
    },
  ];
}

/** As a guard that is undecided, controls that fail are measured again and judged by all samples. */
export async function takeControls(
  samples: readonly PairedSample[],
  measure: Measure,
  options: { readonly guard: string; readonly seed: number; readonly maxBatches: number },
): Promise<{ readonly controls: readonly Control[]; readonly samples: readonly PairedSample[] }> {
  const all = [...samples];
  let controls = judgeControls(all, options);
  for (let batches = 1; batches < options.maxBatches; batches += 1) {
    if (controls.every(({ passed }) => passed)) break;
    const more = await measure();
    if (more.outcome !== 'measured') break;
    all.push(...more.samples);
    controls = judgeControls(all, options);
  }
  return { controls, samples: all };
}

function judgeNull(same: TimeJudgement): Pick<Control, 'passed' | 'reason'> {
  const margin = 1 + defaultTimeRule.margin;
  const half = (Math.log(same.upper) - Math.log(same.lower)) / 2;
  const differs = same.lower > margin || same.upper < 1 / margin;
  const passed = !differs && half <= Math.log1p(widestHalf);
  return { passed, reason: `the base against itself: ${describeRatio(same)}` };
}

function measuresOf({ ratio, lower, upper }: TimeJudgement): readonly Measured[] {
  return [{ name: 'ratio', unit: 'ratio', value: ratio, lower, upper, base: 1 }];
}
