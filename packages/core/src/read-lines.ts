import { CoreError } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { LineScanner } from './line-scanner.js';
import type { Line, LinePosition, ScanResult } from './line-scanner.js';
import { expectCount } from './expect-option.js';
import { messageOf } from './message-of.js';
import { openWaitless } from './open-waitless.js';
import { closeQuietly } from './with-file.js';

export type { Line, LinePosition } from './line-scanner.js';

export interface ReadLinesOptions {
  /**
   * Where to begin; it must be the beginning of a line.
   *
   * @default 0
   */
  readonly startOffset?: number;
  /**
   * Reads as if the file ended here. What is appended after the start is not read in any case.
   *
   * @default the size of the file at the start
   */
  readonly endOffset?: number;
  /**
   * Bytes per read, and about those of one batch.
   *
   * @default 262_144
   */
  readonly chunkBytes?: number;
  /**
   * A longer line is not delivered but reported as oversized. It bounds the memory.
   *
   * @default 16_777_216
   */
  readonly maxLineBytes?: number;
  /**
   * Budget of delivered lines.
   *
   * @default Infinity
   */
  readonly maxLines?: number;
  /**
   * Budget of bytes to look at; a line that does not end within it is not delivered.
   *
   * @default Infinity
   */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly fs?: FileSystem;
}

/** Lines in file order. Their bytes are views that the next batch overwrites. */
export interface LineBatch {
  readonly lines: readonly Line[];
  /** Lines that were too long, between or after those of this batch. */
  readonly oversized: readonly LinePosition[];
}

export interface ReadSummary {
  /** Where to go on: behind the last whole line that was delivered or reported as oversized. */
  readonly nextOffset: number;
  /** Lines delivered. */
  readonly lines: number;
  readonly bytesRead: number;
  /** Which budget ended the reading before the end; `false` when everything was looked at. */
  readonly truncated: false | 'max-lines' | 'max-bytes';
  /** The first hundred oversized lines; batches report all. */
  readonly oversized: readonly LinePosition[];
  readonly oversizedLines: number;
  /** The last line, where no newline ends it; it was delivered too (unless oversized). */
  readonly tornTail: LinePosition | undefined;
}

const MAX_LISTED_OVERSIZED = 100;

/**
 * Reads the lines of a file from a byte offset, in batches. It splits at byte 10 alone, takes CRLF, a
 * byte order mark, a missing last newline and bytes that are no UTF-8, and holds one chunk and one
 * line in memory. Reads are synchronous calls; between two of them the event loop gets its turn. The
 * file is closed when the loop ends, in whatever way. The summary is what the generator returns;
 * `visitLines` hands it over without ceremony.
 *
 * @throws CoreError `READ_FAILED` (its `errno` is `ENOENT` when there is no file), `INVALID_OPTION`,
 * and the reason of an aborted signal.
 */
export async function* readLines(
  path: string,
  options: ReadLinesOptions = {},
): AsyncGenerator<LineBatch, ReadSummary, undefined> {
  const request = resolveOptions(options);
  const { fs, signal, startOffset } = request;
  signal?.throwIfAborted();
  const fd = attempt(path, () => openWaitless(fs, path));
  try {
    const fileEnd = Math.min(
      attempt(path, () => fs.fstat(fd).size),
      request.endOffset,
    );
    const readEnd = Math.min(fileEnd, startOffset + request.maxBytes);
    // Small files, of which there are many, get small buffers.
    const chunkBytes = Math.min(request.chunkBytes, Math.max(1, readEnd - startOffset));
    const scanner = new LineScanner({ ...request, chunkBytes, offset: startOffset });
    const oversized = createOversizedList();
    let position = startOffset;
    while (position < readEnd && !scanner.isFull) {
      if (position > startOffset) await new Promise(setImmediate);
      signal?.throwIfAborted();
      const space = scanner.space(readEnd - position);
      const count = attempt(path, () => fs.read(fd, space, position));
      if (count === 0) break;
      position += count;
      yield* nonEmpty(oversized.note(scanner.take(count)));
    }
    const truncated = whichBudget(scanner, { readEnd, fileEnd });
    const tornTail = truncated ? undefined : scanner.unfinished;
    if (tornTail) yield* nonEmpty(oversized.note(scanner.finish()));
    return {
      nextOffset: scanner.nextOffset,
      lines: scanner.lines,
      bytesRead: position - startOffset,
      truncated,
      oversized: oversized.first,
      oversizedLines: oversized.count,
      tornTail,
    };
  } finally {
    closeQuietly(fs, fd);
  }
}

/**
 * `readLines` for one function per line; resolves with the summary. The line is valid during the call.
 */
export async function visitLines(
  path: string,
  visit: (line: Line) => void,
  options: ReadLinesOptions = {},
): Promise<ReadSummary> {
  const batches = readLines(path, options);
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      for (const line of next.value.lines) visit(line);
    }
  } finally {
    // A visitor that throws leaves the generator at its `yield`, with the file open.
    await batches.return(undefined as never);
  }
}

type ResolvedOptions = Required<Omit<ReadLinesOptions, 'signal'>> & {
  readonly signal: AbortSignal | undefined;
};

function resolveOptions(options: ReadLinesOptions): ResolvedOptions {
  const { startOffset = 0, endOffset = Infinity, chunkBytes = 256 * 1024 } = options;
  const { maxLineBytes = 16 * 1024 * 1024, maxLines = Infinity, maxBytes = Infinity } = options;
  expectCount('startOffset', startOffset, 0);
  expectCount('endOffset', endOffset, 0);
  expectCount('chunkBytes', chunkBytes, 1);
  expectCount('maxLineBytes', maxLineBytes, 1);
  expectCount('maxLines', maxLines, 0);
  expectCount('maxBytes', maxBytes, 0);
  const { fs = nodeFileSystem, signal } = options;
  return { startOffset, endOffset, chunkBytes, maxLineBytes, maxLines, maxBytes, fs, signal };
}

function attempt<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    const message = `Cannot read "${path}": ${messageOf(cause)}`;
    throw new CoreError('READ_FAILED', message, { path, cause });
  }
}

function* nonEmpty(batch: LineBatch): Generator<LineBatch> {
  if (batch.lines.length > 0 || batch.oversized.length > 0) yield batch;
}

function whichBudget(
  scanner: LineScanner,
  { readEnd, fileEnd }: { readonly readEnd: number; readonly fileEnd: number },
): ReadSummary['truncated'] {
  if (scanner.isFull && scanner.nextOffset < fileEnd) return 'max-lines';
  return readEnd < fileEnd ? 'max-bytes' : false;
}

function createOversizedList() {
  const list = {
    first: [] as LinePosition[],
    count: 0,
    note(batch: ScanResult): ScanResult {
      const room = MAX_LISTED_OVERSIZED - list.first.length;
      if (room > 0) list.first.push(...batch.oversized.slice(0, room));
      list.count += batch.oversized.length;
      return batch;
    },
  };
  return list;
}
