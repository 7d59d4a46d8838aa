import { expect, test } from 'vitest';

import { resolveRetries, retryDelayMs } from '../src/retry-policy.js';
import type { FailedAttempt } from '../src/retry-policy.js';

const failed: FailedAttempt = { attempt: 1, kind: 'exited', exitCode: 1 };

test('without retries nothing is repeated', () => {
  expect(retryDelayMs(resolveRetries(undefined), failed)).toBeUndefined();
  expect(retryDelayMs(resolveRetries(0), failed)).toBeUndefined();
});

test('waits grow by the factor until the attempts are used up', () => {
  const policy = resolveRetries({ max: 3, backoffMs: 100, factor: 3 });
  const delays = [1, 2, 3, 4].map((attempt) => retryDelayMs(policy, { ...failed, attempt }));
  expect(delays).toEqual([100, 300, 900, undefined]);
});

test('a number means that many further attempts with the usual waits', () => {
  const delays = [1, 2, 3].map((attempt) =>
    retryDelayMs(resolveRetries(2), { ...failed, attempt }),
  );
  expect(delays).toEqual([1000, 2000, undefined]);
});

test('a wait never exceeds what a timer can hold', () => {
  const policy = resolveRetries({ max: 100, backoffMs: 1000, factor: 100 });
  expect(retryDelayMs(policy, { ...failed, attempt: 90 })).toBe(2_147_483_647);
});

test.each([
  ['exited', 1, undefined, true],
  ['signalled', 137, undefined, true],
  ['timed-out', 124, undefined, true],
  ['silent', 124, undefined, true],
  ['spawn-failed', 127, undefined, false],
  ['cancelled', 130, undefined, false],
  ['exited', 1, [1, 2], true],
  ['exited', 3, [1, 2], false],
  ['timed-out', 124, [124], true],
  ['timed-out', 124, [1], false],
  ['signalled', 137, [137], true],
  ['spawn-failed', 127, [127], true],
  ['cancelled', 130, [130], false],
] as const)(
  'an attempt that %s with %i and exit codes %j is repeated: %s',
  (kind, exitCode, exitCodes, repeated) => {
    const policy = resolveRetries({
      max: 1,
      backoffMs: 5,
      ...(exitCodes && { exitCodes: [...exitCodes] }),
    });
    expect(retryDelayMs(policy, { attempt: 1, kind, exitCode })).toBe(repeated ? 5 : undefined);
  },
);
