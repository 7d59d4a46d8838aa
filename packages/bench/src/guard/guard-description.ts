import type { Guard } from './guard.js';

/** What a guard promises, without its functions: as data, for other processes. */
export type GuardDescription =
  | {
      readonly kind: 'exact';
      readonly promise: string;
      readonly budget: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'growth';
      readonly promise: string;
      readonly cost: 'counts' | 'cpu';
      readonly sizes: readonly number[];
      readonly exponent: number;
    }
  | {
      readonly kind: 'memory';
      readonly promise: string;
      readonly inputBytes: readonly number[];
      readonly slope: number;
    }
  | {
      readonly kind: 'time';
      readonly promise: string;
      readonly sample: 'call' | 'process';
    };

export function describeGuard(guard: Guard): GuardDescription {
  const { promise } = guard;
  switch (guard.kind) {
    case 'exact':
      return { kind: 'exact', promise, budget: guard.budget };
    case 'growth': {
      const { cost, sizes, exponent } = guard;
      return { kind: 'growth', promise, cost, sizes, exponent };
    }
    case 'memory':
      return { kind: 'memory', promise, inputBytes: guard.inputBytes, slope: guard.slope };
    case 'time':
      return { kind: 'time', promise, sample: guard.sample ?? 'call' };
  }
}
