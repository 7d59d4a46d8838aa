import { messageOf } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';
import { appendToLog } from '../log/append-batch.js';
import { encodeBatch } from '../log/batch-frame.js';
import { blankLines } from '../log/blank-lines.js';
import { ExperienceError } from '../errors.js';
import { encodeNote } from '../record/encode.js';
import type { RecordReference } from '../record/record.js';
import { findForgotten } from './find-forgotten.js';
import type { ForgettableLines } from './find-forgotten.js';
import { portsOf } from '../ports.js';
import type { Ports } from '../ports.js';
import { discardIndex, rebuildIndex } from './rebuild-index.js';
import { underLock } from '../log/under-lock.js';
import type { LockedOptions } from './hygiene-options.js';

export interface ForgetReport {
  /** Records that are gone now, in the order of the log. */
  readonly forgotten: readonly RecordReference[];
  /** Lines whose text was overwritten, those of earlier tries that were cut short included. */
  readonly blankedLines: number;
}

/**
 * Removes records for good: each gets a `forgotten` note, and the text of its line is overwritten in place,
 * so that it is on disk no more when this returns (in this log: copies, backups and manifests of runs are
 * not looked at). All ids or none: they are looked for first. Cut short behind the notes, it leaves
 * records that no reader counts; the next `forget` or `collect` overwrites their texts.
 *
 * @throws ExperienceError `RECORD_NOT_FOUND`, with the ids as `problems`; `STORE_BUSY`,
 * `STORE_UNREADABLE`, `STORE_WRITE_FAILED`.
 */
export function forget(
  layout: ExperienceLayout,
  ids: readonly string[],
  options: LockedOptions = {},
): Promise<ForgetReport> {
  const ports = portsOf(options);
  return underLock(layout, options, async (signal) => {
    const found = await findForgotten(layout, new Set(ids), { ...options, ...ports, signal });
    expectAll(layout, ids, found);
    signal.throwIfAborted();
    const references = [...found.references.values()];
    try {
      appendNotes(layout, references, ports);
      // It may hold the text's place and counters, and tells a changed log by samples alone.
      if (found.lines.length > 0) discardIndex(layout, ports.fs);
      blankLines(layout, found.lines, ports.fs);
    } catch (cause) {
      if (cause instanceof ExperienceError) throw cause;
      const message = `Cannot overwrite the forgotten experiences in "${layout.logPath}": ${messageOf(cause)}. They do not count any more, and their text goes with the next try`;
      throw new ExperienceError('STORE_WRITE_FAILED', message, { path: layout.logPath, cause });
    }
    if (found.lines.length > 0) await rebuildIndex(layout, ports);
    return { forgotten: references, blankedLines: found.lines.length };
  });
}

function expectAll(
  layout: ExperienceLayout,
  ids: readonly string[],
  found: ForgettableLines,
): void {
  const missing = ids.filter((id) => !found.ids.has(id));
  if (missing.length === 0) return;
  const message = `Cannot forget experiences of "${layout.logPath}": ${missing.length} of ${ids.length} ids are not there, so nothing was changed`;
  const problems = missing.map((id) => `There is no experience "${id}"`);
  throw new ExperienceError('RECORD_NOT_FOUND', message, { path: layout.logPath, problems });
}

function appendNotes(
  layout: ExperienceLayout,
  references: readonly RecordReference[],
  { fs, clock, random }: Ports,
): void {
  if (references.length === 0) return;
  const createdAt = new Date(clock.nowMs()).toISOString();
  const notes = references.map(({ id, domain }) =>
    encodeNote({ note: 'forgotten', taskId: layout.taskId, createdAt, id, domain }),
  );
  // Before the texts: a crash in between leaves records that are forgotten, not half a line unexplained.
  appendToLog(layout, encodeBatch(notes, random), { durability: 'power', fs, clock });
}
