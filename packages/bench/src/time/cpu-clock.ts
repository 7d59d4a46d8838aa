import type { TimestampProvider } from 'tinybench';

/**
 * Processor time of this process with all of its threads, user and system, in microseconds. Unlike the
 * time of day it hardly moves when others want the processor too.
 */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The same as a clock for tinybench. */
export const cpuTimestampProvider: TimestampProvider = {
  name: 'cpuTime',
  fn: cpuMicros,
  toMs: (micros) => Number(micros) / 1000,
  fromMs: (ms) => ms * 1000,
};
