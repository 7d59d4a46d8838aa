import type { GuardKind } from '../guard/guard.js';

/** Name and version of the format of results. */
export const resultSchemaId = 'bench/v1';

/**
 * What became of a guard. `held`: counts, growth or memory within what is promised. `improved`: less than
 * the budget, or faster than the base. `regressed`: the promise is broken. `unchanged`: time within the
 * margin. `identical`: both builds are the same files, nothing was measured. `undecided`: the measurement
 * could not tell. `new`: the base has nothing to compare with. `failed`: no result, which is a defect.
 */
export const guardVerdicts = [
  'held',
  'improved',
  'regressed',
  'unchanged',
  'identical',
  'undecided',
  'new',
  'failed',
] as const;
export type GuardVerdict = (typeof guardVerdicts)[number];

/** A number of a guard with what it is held against. */
export interface Measure {
  /** `writes`, `cpu`, `ratio`, `exponent of bytesRead`, `peak per input byte`. */
  readonly name: string;
  /** `count`, `bytes`, `ms`, `ratio`, `exponent`. */
  readonly unit: string;
  readonly value: number;
  /** Interval of the value. */
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** The same of the base. */
  readonly base?: number | undefined;
  /** The most that is allowed. */
  readonly limit?: number | undefined;
}

/** One round of a paired measurement: what each side took, in milliseconds, in the order of time. */
export interface PairedSample {
  readonly process: number;
  readonly round: number;
  /** In the order in which they were called. */
  readonly calls: readonly {
    readonly side: 'base' | 'candidate' | 'null' | 'slowed';
    readonly cpuMs: number;
    readonly wallMs: number;
  }[];
}

/** One size of a growth or memory guard. */
export interface SizeSample {
  readonly size: number;
  readonly costs: Readonly<Record<string, number>>;
  /** What a cost is the median of, in the order of time. */
  readonly rounds?: Readonly<Record<string, readonly number[]>> | undefined;
}

export interface GuardResult {
  /** `<project>/<file name without .bench.mjs>`. */
  readonly guard: string;
  readonly kind: GuardKind;
  readonly promise: string;
  readonly verdict: GuardVerdict;
  /** One sentence that says why. */
  readonly reason: string;
  readonly measures: readonly Measure[];
  /** Time guards, in the order of time; confirmation included. */
  readonly samples?: readonly PairedSample[] | undefined;
  /** Growth and memory guards. */
  readonly sizes?: readonly SizeSample[] | undefined;
  /** Time guards: the smallest slowdown that this run would have found, as a ratio such as 1.06. */
  readonly smallestVisible?: number | undefined;
}

export interface Machine {
  readonly cpuModel: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly os: string;
  readonly arch: string;
  readonly node: string;
  readonly v8: string;
  /** One-minute load average before and after. */
  readonly load: readonly [number, number];
  /** Share of processor time that the hypervisor took meanwhile, 0 to 1; null where unknown. */
  readonly steal: number | null;
}

/** Whether the measurement itself can be trusted: known answers that it had to give. */
export interface Control {
  /** `null copy`: base against itself must not differ. `slowed by 10 %`: must be found. */
  readonly name: string;
  readonly guard: string;
  readonly passed: boolean;
  readonly reason: string;
  readonly measures: readonly Measure[];
}

/** What one part of the gate found for one project. */
export interface BenchResults {
  readonly schema: typeof resultSchemaId;
  readonly part: 'exact' | 'time';
  readonly project: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly candidate: BuildIdentity;
  /** Null where no base was needed or there was none; `notes` says which. */
  readonly base: BuildIdentity | null;
  readonly machine: Machine;
  readonly controls: readonly Control[];
  readonly guards: readonly GuardResult[];
  /** What whoever reads the verdicts should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface BuildIdentity {
  /** Full id; null outside of a repository. */
  readonly commit: string | null;
  /** Whether files differ from that commit. */
  readonly dirty: boolean;
  /** SHA-256 over the built files that the guards can reach; null before they are built. */
  readonly buildHash: string | null;
}
