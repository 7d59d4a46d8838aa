import type { ExperienceLayout } from '../layout.js';
import type { ExperienceNote, ExperienceRecord } from '../record/record.js';
import { portsOf } from '../ports.js';
import type { PortOptions } from '../ports.js';
import { scanLog } from './scan-log.js';

export interface WantedRun {
  readonly runId: string;
  /** Only what was written from then on; ISO 8601, UTC. */
  readonly since: string;
}

export interface HoldsRunOptions extends Pick<PortOptions, 'fs'> {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether a log holds what a run left: a record, or a note that it taught the same or has ended. Looks
 * through all of the log.
 *
 * @throws ExperienceError `STORE_UNREADABLE`; the reason of the signal.
 */
export async function holdsRun(
  layout: ExperienceLayout,
  { runId, since }: WantedRun,
  options: HoldsRunOptions = {},
): Promise<boolean> {
  const { fs } = portsOf(options);
  let isThere = false;
  await scanLog(layout, { fs, signal: options.signal }, ({ line, isWhole }) => {
    if (!isWhole) return;
    if (line.kind === 'record') isThere ||= isOf(line.record);
    else if (line.kind === 'note') isThere ||= isOf(line.note);
  });
  return isThere;

  function isOf(left: ExperienceRecord | ExperienceNote): boolean {
    return 'runId' in left && left.runId === runId && left.createdAt >= since;
  }
}
