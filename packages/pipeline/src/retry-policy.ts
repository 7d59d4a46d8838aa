import type { CommandStageConfig } from './config-schema.js';
import { maxDelayMs } from './schema-parts.js';

/** When a failed command is tried again, and after how long. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly max: number;
  /** Wait before the second attempt. */
  readonly backoffMs: number;
  /** What each further wait is multiplied by. */
  readonly factor: number;
  /** Exit codes worth another attempt; undefined: every failure of a command that was started. */
  readonly exitCodes: readonly number[] | undefined;
}

/** What a policy needs to know of an attempt that did not succeed. */
export interface FailedAttempt {
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly kind: 'cancelled' | 'exited' | 'signalled' | 'silent' | 'spawn-failed' | 'timed-out';
  readonly exitCode: number;
}

export function resolveRetries(retries: CommandStageConfig['retries']): RetryPolicy {
  const given = typeof retries === 'number' ? { max: retries } : (retries ?? { max: 0 });
  return { backoffMs: 1000, factor: 2, exitCodes: undefined, ...given };
}

/**
 * Milliseconds to wait before the next attempt, or undefined when there is none. A cancelled attempt
 * is never repeated. A command that could not be started is only repeated where its code (126, 127)
 * is listed: it would fail the same way.
 */
export function retryDelayMs(policy: RetryPolicy, failed: FailedAttempt): number | undefined {
  if (failed.attempt > policy.max || failed.kind === 'cancelled') return undefined;
  const isWorthIt = policy.exitCodes
    ? policy.exitCodes.includes(failed.exitCode)
    : failed.kind !== 'spawn-failed';
  if (!isWorthIt) return undefined;
  return Math.min(maxDelayMs, Math.round(policy.backoffMs * policy.factor ** (failed.attempt - 1)));
}
