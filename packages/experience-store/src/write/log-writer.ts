import type { Durability } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { Ports } from '../ports.js';
import { IndexView } from '../index/index-view.js';
import type { ExperienceLayout } from '../layout.js';
import { appendToLog } from '../log/append-batch.js';
import { encodeBatch } from '../log/batch-frame.js';
import { encodeNote } from '../record/encode.js';
import { parseLogLine } from '../record/parse-line.js';
import type { ExperienceNote } from '../record/record.js';
import { createRecorder } from './record-batch.js';
import type { Recorder, RecorderOptions } from './record-batch.js';

/** All that writes to a log comes through this module: who only looks things up does without it. */
export { taskOfBatch } from '../record/prepare.js';

/** What records batches of one task, with the index as it is kept up to date meanwhile. */
export function openRecorder(
  layout: ExperienceLayout,
  ports: Ports,
  options: RecorderOptions,
): Recorder {
  return createRecorder(layout, new IndexView(layout, ports), options);
}

/**
 * Appends notes in one write.
 *
 * @throws ExperienceError `INVALID_OPTION` for one that no reader would count; `STORE_WRITE_FAILED`.
 */
export function appendNotes(
  layout: ExperienceLayout,
  notes: readonly ExperienceNote[],
  { durability, fs, clock, random }: Ports & { readonly durability: Durability },
): void {
  const lines = notes.map((note, nth) => expectNote(encodeNote(note), layout.taskId, nth));
  appendToLog(layout, encodeBatch(lines, random), { durability, fs, clock });
}

function expectNote(line: string, taskId: string, nth: number): string {
  const parsed = parseLogLine(line, taskId);
  if (parsed.kind === 'note') return line;
  const because = parsed.kind === 'bad' ? parsed.reason : 'it is none';
  const message = `Cannot add note ${nth} to the experiences of "${taskId}": ${because}`;
  throw new ExperienceError('INVALID_OPTION', message);
}
