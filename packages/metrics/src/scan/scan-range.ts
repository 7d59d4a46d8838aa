import { setImmediate as nextTurn } from 'node:timers/promises';

import { MetricsError } from '../errors.js';
import type { EntryFacts } from '../fold/facts.js';
import type { ByteSource } from './byte-source.js';
import { EntryReader } from './entry-reader.js';
import type { EntryProblem } from './entry-reader.js';
import { LineWindow } from './line-window.js';

/** A line that is no entry. */
export interface DamagedLine {
  /** Where the line begins in the source. */
  readonly offset: number;
  /** Without the newline. */
  readonly byteLength: number;
  readonly reason: EntryProblem | 'oversized';
}

/** Is told of every line that a newline ends, in the order of the source; blank lines are nothing. */
export interface EntryVisitor {
  /**
   * The facts, and what the reader says of them, are valid during the call.
   *
   * @param endOffset where the next line begins
   */
  entry(facts: EntryFacts, reader: EntryReader, offset: number, endOffset: number): void;
  damaged(line: DamagedLine): void;
}

export interface ScanRequest {
  /** Where to begin: the beginning of a line. */
  readonly from: number;
  /** Where to end, as if the source ended there; `Infinity` for its end. */
  readonly to: number;
  readonly visitor: EntryVisitor;
  /**
   * Bytes per read.
   *
   * @default 1_048_576
   */
  readonly chunkBytes?: number | undefined;
  /**
   * A longer line is not parsed but damaged. It bounds the memory.
   *
   * @default 16_777_216
   */
  readonly maxLineBytes?: number | undefined;
  /**
   * What reads the lines. One that has read others knows already what lines look like; no other scan may use
   * it at the same time.
   *
   * @default a new one
   */
  readonly reader?: EntryReader | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called a few hundred times per gigabyte. */
  onProgress?(progress: ScanProgress): void;
}

export interface ScanProgress {
  readonly bytesRead: number;
  readonly lines: number;
}

export interface RangeScan {
  /** Behind the last newline. */
  readonly nextOffset: number;
  /** Lines with a newline that are not blank, damaged ones included. */
  readonly lines: number;
  readonly bytesRead: number;
  /** Lines that had to be parsed as a whole, the first ones of the reader apart. */
  readonly fallbacks: number;
  /** What follows the last newline; the visitor has not seen it. */
  readonly tail: { readonly offset: number; readonly byteLength: number } | undefined;
}

const BYTES_PER_TURN = 4 * 2 ** 20;

/**
 * Reads the lines of a range in one pass. It splits at byte 10 alone and holds one chunk and one line in
 * memory, however long the range and its lines are. The event loop gets its turn every 4 MiB, which is
 * some 5 to 20 ms of work.
 *
 * @throws MetricsError `INVALID_OPTION`; the reason of an aborted signal; what the source and the visitor
 * throw.
 */
export async function scanRange(source: ByteSource, request: ScanRequest): Promise<RangeScan> {
  const { from, to, signal, reader = new EntryReader() } = request;
  const chunkBytes = positive(request, 'chunkBytes', 2 ** 20);
  const maxLineBytes = positive(request, 'maxLineBytes', 16 * 2 ** 20);
  const { fallbacks } = reader;
  const lines = new LineWindow({ offset: from, chunkBytes, maxLineBytes, reader });
  let position = from;
  let nextTurnAt = from + BYTES_PER_TURN;
  signal?.throwIfAborted();
  while (position < to) {
    const read = source.read(lines.space(to - position), position);
    const count = typeof read === 'number' ? read : await read;
    if (count === 0) break;
    position += count;
    lines.take(count, request.visitor);
    if (position < nextTurnAt) continue;
    nextTurnAt = position + BYTES_PER_TURN;
    request.onProgress?.({ bytesRead: position - from, lines: lines.lines });
    await nextTurn();
    signal?.throwIfAborted();
  }
  const { nextOffset } = lines;
  return {
    nextOffset,
    lines: lines.lines,
    bytesRead: position - from,
    fallbacks: reader.fallbacks - fallbacks,
    tail:
      position === nextOffset
        ? undefined
        : { offset: nextOffset, byteLength: position - nextOffset },
  };
}

function positive(
  request: ScanRequest,
  name: 'chunkBytes' | 'maxLineBytes',
  otherwise: number,
): number {
  const value = request[name] ?? otherwise;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new MetricsError(
    'INVALID_OPTION',
    `Expected the \`${name}\` option to be a positive integer, got \`${value}\``,
  );
}
