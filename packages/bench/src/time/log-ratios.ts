import type { PairedSample } from '../results/result.js';

export type Side = PairedSample['calls'][number]['side'];

/**
 * The logarithms of how much more processor time a side took than the base in the same round, in groups
 * of one process each, in the order of time.
 */
export function logRatios(samples: readonly PairedSample[], side: Side): readonly number[][] {
  const groups = new Map<number, number[]>();
  for (const { process, calls } of samples) {
    const of = (wanted: Side): number | undefined =>
      calls.find((call) => call.side === wanted)?.cpuMs;
    const [base, other] = [of('base'), of(side)];
    if (base === undefined || other === undefined) continue;
    const group = groups.get(process) ?? [];
    groups.set(process, group);
    group.push(Math.log(other / base));
  }
  return [...groups.values()];
}

/** What one side took, of one clock, in the order of time. */
export function timesOf(
  samples: readonly PairedSample[],
  side: Side,
  clock: 'cpuMs' | 'wallMs',
): readonly number[] {
  return samples.flatMap(({ calls }) =>
    calls.filter((call) => call.side === side).map((call) => call[clock]),
  );
}
