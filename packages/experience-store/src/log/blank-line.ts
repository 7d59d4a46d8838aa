import { batchEndNeedle } from './batch-frame.js';
import type { BatchPlace } from './batch-frame.js';

const START = '{"blank":true';
const BLANKED = /^\{"blank":true(.*),"batch":"[0-9a-f]{8}:(\d{1,7})\/\2"\}$/;

/**
 * What takes the place of a line of so many bytes (without the newline) so that nothing of its text is
 * left. The last line of a batch keeps saying that it is that: the others count only with it.
 */
export function blankLine(bytes: number, batch?: BatchPlace): Buffer {
  const blank = Buffer.alloc(bytes, ' ');
  if (batch === undefined || batch.index !== batch.size) return blank;
  const frame = batchEndNeedle(batch);
  // Of no record can the line be shorter: it has at least an id, a domain and a reward.
  if (START.length + frame.length > bytes) return blank;
  blank.write(START, 0);
  blank.write(frame, bytes - frame.length);
  return blank;
}

/** Whether a line is the last one of a batch and was blanked, or begun to be: its record is gone. */
export function isBlankedBatchEnd(text: string): boolean {
  return text.startsWith(START) && BLANKED.test(text);
}

/** Whether a line was begun to be blanked, and still holds some of its text. */
export function isHalfBlanked(text: string): boolean {
  if (!isBlankedBatchEnd(text)) return HALF_BLANKED.test(text);
  return (BLANKED.exec(text)?.[1] ?? '').trim() !== '';
}

/** No writer begins a line with so many blanks. */
const HALF_BLANKED = /^ {8} *[^ ]/;
