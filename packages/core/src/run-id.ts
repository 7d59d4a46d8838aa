import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { systemRandom } from './random.js';
import type { RandomSource } from './random.js';
import { err, ok } from './result.js';
import type { Result } from './result.js';

/**
 * A run's name: the UTC time of its start to the millisecond and eight random hexadecimal digits,
 * `2026-01-06T06-53-37-814Z-c285a360`. Run ids sort by time as plain text.
 */
export type RunId = string & { readonly [runIdBrand]: true };
declare const runIdBrand: unique symbol;

export interface RunIdOptions {
  /** @default the system's clock */
  readonly clock?: Clock;
  /** @default the system's randomness */
  readonly random?: RandomSource;
}

export interface RunIdParts {
  readonly runId: RunId;
  readonly startedAtMs: number;
  /** The eight random digits. */
  readonly suffix: string;
}

export function createRunId(options: RunIdOptions = {}): RunId {
  const { clock = systemClock, random = systemRandom } = options;
  const suffix = Buffer.from(random.bytes(4)).toString('hex');
  return `${timeStamp(clock.nowMs())}-${suffix}` as RunId;
}

/** Reads a run id back, or says why the text is none. A run id is always safe as a path segment. */
export function parseRunId(text: string): Result<RunIdParts, string> {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-([0-9a-f]{8})$/.exec(text);
  if (!match) return err('it does not look like 2026-01-06T06-53-37-814Z-c285a360');
  const [, day, hours, minutes, seconds, ms, suffix = ''] = match;
  const startedAtMs = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
  // Some dates that do not exist (30 February, 24:00) are moved on to the next one that does.
  const exists = !Number.isNaN(startedAtMs) && text.startsWith(timeStamp(startedAtMs));
  return exists
    ? ok({ runId: text as RunId, startedAtMs, suffix })
    : err('its date or time does not exist');
}

function timeStamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[:.]/g, '-');
}
