import { parseLogLine } from '../record/parse-line.js';
import type { Experience } from '../record/record.js';
import { isBlankedBatchEnd } from './blank-line.js';
import type { CountedFiles } from './read-cost.js';

/** Where a line is in a log, without its newline. */
export interface LinePosition {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * `blank` is a line that was blanked in place because its record is forgotten; `none` anything else that
 * is not exactly one line with a record on it.
 */
export type RecordReading =
  | { readonly kind: 'record'; readonly record: Experience }
  | { readonly kind: 'blank' }
  | { readonly kind: 'none' };

const NEWLINE = 10;
const NONE: RecordReading = { kind: 'none' };

/** Reads the one record that is said to be at a place of an open log. */
export function readRecordAt(
  files: CountedFiles,
  fd: number,
  { offset, bytes }: LinePosition,
  taskId: string,
): RecordReading {
  // With the newlines around it, which show that it is a whole line.
  const before = offset > 0 ? 1 : 0;
  const view = Buffer.allocUnsafe(before + bytes + 1);
  const count = files.read(fd, view, offset - before);
  const end = before + bytes;
  if (count < end || (count > end && view[end] !== NEWLINE)) return NONE;
  if (before === 1 && view[0] !== NEWLINE) return NONE;
  const text = view.toString('utf8', before, end);
  if (text.includes('\n')) return NONE;
  files.linesParsed++;
  const line = parseLogLine(text, taskId);
  if (line.kind === 'record') return { kind: 'record', record: line.record };
  return line.kind === 'blank' || isBlankedBatchEnd(text) ? { kind: 'blank' } : NONE;
}
