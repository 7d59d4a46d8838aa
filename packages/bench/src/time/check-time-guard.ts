import { median } from '@codex-orchestrator/report/statistics';

import type { TimeGuard } from '../guard/guard.js';
import type { Control, GuardResult, Measure as Measured, PairedSample } from '../results/result.js';
import { slowedShare, takeControls } from './controls.js';
import { decide } from './decide.js';
import type { Decision } from './decide.js';
import { layoutFor } from './layout.js';
import type { Layout } from './layout.js';
import { timesOf } from './log-ratios.js';
import type { Side } from './log-ratios.js';
import { createMeasure } from './measure-batch.js';
import type { Measure, MeasureOptions } from './measure-batch.js';
import { defaultTimeRule } from './verdict.js';

export interface TimeGuardOptions extends Pick<
  MeasureOptions,
  'childProgram' | 'copies' | 'dataFolder' | 'guard' | 'guardFile' | 'seed' | 'timeoutMs' | 'work'
> {
  readonly promised: Pick<TimeGuard, 'promise' | 'sample'>;
  /** Whether there is a base; without it the guard is new. */
  readonly hasBase: boolean;
  /** Whether the controls ride along. */
  readonly withControls: boolean;
  /** Instead of parts of the usual layout. */
  readonly layout?: Partial<Layout> | undefined;
  /** Share of its processor time that the candidate is slowed by, to prove the gate. */
  readonly candidateShare?: number;
}

export interface CheckedTimeGuard {
  readonly result: GuardResult;
  /** Empty where they did not ride along, or nothing was measured. */
  readonly controls: readonly Control[];
}

/** Compares both builds by one guard. What goes wrong is a result with the verdict `failed`. */
export async function checkTimeGuard(options: TimeGuardOptions): Promise<CheckedTimeGuard> {
  const { guard, promised, seed, withControls } = options;
  if (!options.hasBase) return { result: await firstResult(options), controls: [] };
  const measuring = measureOptions(options);
  const { maxBatches } = measuring.layout;
  const measure = createMeasure(measuring);
  const decision = await decide(measure, { seed, maxBatches });
  if (decision.verdict === 'new') {
    return { result: await firstResult(options, decision.reason), controls: [] };
  }
  const { judgement } = decision;
  if (judgement === undefined || !withControls) {
    return { result: resultOf(guard, promised.promise, decision), controls: [] };
  }
  const { controls, samples } = await takeControls(decision.samples, measure, {
    ...{ guard, seed, maxBatches },
  });
  return { result: resultOf(guard, promised.promise, { ...decision, samples }), controls };
}

function measureOptions(options: TimeGuardOptions): MeasureOptions {
  const { promised, withControls, candidateShare = 0, layout } = options;
  const sides: readonly Side[] = ['base', 'candidate'];
  return {
    ...options,
    sides: withControls ? [...sides, 'null', 'slowed'] : sides,
    extraShares: { candidate: candidateShare, slowed: slowedShare },
    layout: { ...layoutFor(promised.sample), ...layout },
  };
}

/** Of a guard whose base has nothing to compare with: shows that it works, and what it costs. */
async function firstResult(
  options: TimeGuardOptions,
  reason = 'the base has no such project to compare with',
): Promise<GuardResult> {
  const measure: Measure = createMeasure({
    ...measureOptions({ ...options, withControls: false }),
    sides: ['candidate'],
    layout: { ...layoutFor(options.promised.sample), warmUps: 1, rounds: 3, processes: 1 },
  });
  const batch = await measure();
  const { guard, promised } = options;
  if (batch.outcome !== 'measured') {
    const failed = { verdict: 'failed', reason: batch.message } as const;
    return resultOf(guard, promised.promise, { ...failed, judgement: undefined, samples: [] });
  }
  const { samples } = batch;
  const decision = { verdict: 'new', reason, judgement: undefined, samples } as const;
  return resultOf(guard, promised.promise, decision);
}

function resultOf(guard: string, promise: string, decision: Decision): GuardResult {
  const { verdict, reason, judgement, samples } = decision;
  return {
    ...{ guard, kind: 'time', promise, verdict, reason },
    measures: [...ratioOf(judgement), ...costsOf(samples)],
    ...(samples.length > 0 ? { samples } : {}),
    ...(judgement === undefined ? {} : { smallestVisible: judgement.smallestVisible }),
  };
}

function ratioOf(judgement: Decision['judgement']): readonly Measured[] {
  if (judgement === undefined) return [];
  const { ratio, lower, upper } = judgement;
  const limit = 1 + defaultTimeRule.margin;
  return [{ name: 'ratio', unit: 'ratio', value: ratio, lower, upper, base: 1, limit }];
}

function costsOf(samples: readonly PairedSample[]): readonly Measured[] {
  if (samples.length === 0) return [];
  const clocks = [
    ['cpu', 'cpuMs'],
    ['wall', 'wallMs'],
  ] as const;
  return clocks.map(([name, clock]) => {
    const base = timesOf(samples, 'base', clock);
    const value = median(timesOf(samples, 'candidate', clock));
    return { name, unit: 'ms', value, ...(base.length > 0 ? { base: median(base) } : {}) };
  });
}
