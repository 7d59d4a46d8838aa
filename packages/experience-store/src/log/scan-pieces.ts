import { MAX_LINE_BYTES } from '../record/parse-line.js';
import type { CountedFiles } from './read-cost.js';
import type { LineScan } from './scan-lines.js';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** Where a scan ends that would take too long. */
export interface ScanBudgets {
  /** Lines of the log, whatever is on them. @default unlimited */
  readonly maxLines?: number | undefined;
  /** @default unlimited */
  readonly maxBytes?: number | undefined;
}

export interface PieceSource {
  readonly fd: number;
  readonly files: CountedFiles;
  /** The beginning of a line. */
  readonly from: number;
  /** How long the log is for this scan, whatever is appended to it meanwhile. */
  readonly size: number;
  readonly budgets?: ScanBudgets | undefined;
  /** Whether a last line counts that no newline ends. @default true */
  readonly takesUnended?: boolean | undefined;
}

export interface PieceReport {
  /** Behind the last whole line that was taken, and before a batch that is not whole yet. */
  readonly settledTo: number;
  /** Behind all that was taken, a last line without a newline included. */
  readonly end: number;
  /** Whether the last line that was taken has no newline. */
  readonly hasUnended: boolean;
  /** Whether a budget ended it before the end of the log. */
  readonly truncated: boolean;
}

/** Feeds a scan with an open log, one step per chunk; the caller decides what happens between steps. */
export function* scanPieces(scan: LineScan, source: PieceSource): Generator<void, PieceReport> {
  const pieces = new Pieces(scan, source);
  while (pieces.step()) yield;
  return pieces.finish();
}

/** Without a pause, for what is known to be short. */
export function scanAtOnce(scan: LineScan, source: PieceSource): PieceReport {
  const pieces = new Pieces(scan, source);
  while (pieces.step());
  return pieces.finish();
}

class Pieces {
  readonly #scan: LineScan;
  readonly #source: PieceSource;
  readonly #until: number;
  #linesLeft: number;
  /** Holds the log from `#base` on, which is the beginning of a line. */
  #buffer: Buffer;
  #base: number;
  #filled = 0;
  #settledTo: number;
  /** Where the line begins whose end is looked for, because it is too long to be held. */
  #tooLongFrom: number | undefined;

  constructor(scan: LineScan, source: PieceSource) {
    const { from, size, budgets } = source;
    this.#scan = scan;
    this.#source = source;
    this.#until = Math.min(size, from + (budgets?.maxBytes ?? Infinity));
    this.#linesLeft = budgets?.maxLines ?? Infinity;
    this.#buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(this.#until - from, 1)));
    this.#base = from;
    this.#settledTo = from;
  }

  /** Returns whether there is more. */
  step(): boolean {
    const start = this.#filled;
    const position = this.#base + start;
    if (position >= this.#until || this.#linesLeft <= 0) return false;
    if (start === this.#buffer.byteLength) {
      this.#makeRoom();
      return true;
    }
    const room = Math.min(this.#buffer.byteLength, this.#until - this.#base);
    const { files, fd } = this.#source;
    const count = files.read(fd, this.#buffer.subarray(start, room), position);
    this.#filled += count;
    if (count > 0) this.#takeLines(start);
    return count > 0;
  }

  finish(): PieceReport {
    const { size, takesUnended = true } = this.#source;
    const end = this.#base + this.#filled;
    // Before the last line without a newline ends a batch: the line may still get more.
    const settledTo = this.#scan.pendingFrom ?? this.#settledTo;
    const isCut = this.#linesLeft <= 0 || this.#until < size;
    const isUnended = end > this.#base || this.#tooLongFrom !== undefined;
    const hasUnended = !isCut && takesUnended && isUnended;
    if (hasUnended) this.#takeUnended();
    this.#scan.end();
    const truncated = isCut && this.#base < size;
    return { settledTo, end: truncated ? this.#base : end, hasUnended, truncated };
  }

  #takeLines(readFrom: number): void {
    if (this.#tooLongFrom !== undefined && !this.#endTooLong(readFrom)) return;
    const last = this.#view(0, this.#filled).lastIndexOf(NEWLINE) + 1;
    if (last === 0) return;
    const taken = this.#linesLeft === Infinity ? last : this.#cut(last);
    this.#scan.take(this.#view(0, taken), this.#base);
    this.#consume(taken);
  }

  #view(start: number, end: number): Buffer {
    return this.#buffer.subarray(start, end);
  }

  /** Where the lines end that may still be taken. */
  #cut(end: number): number {
    let at = 0;
    while (at < end && this.#linesLeft > 0) {
      at = this.#buffer.indexOf(NEWLINE, at) + 1;
      this.#linesLeft--;
    }
    return at;
  }

  #consume(count: number): void {
    this.#buffer.copyWithin(0, count, this.#filled);
    this.#filled -= count;
    this.#base += count;
    this.#settledTo = this.#base;
  }

  #makeRoom(): void {
    const { byteLength } = this.#buffer;
    if (byteLength <= MAX_LINE_BYTES) {
      this.#buffer = Buffer.concat([this.#buffer], Math.max(CHUNK_BYTES, byteLength * 2));
      return;
    }
    this.#tooLongFrom ??= this.#base;
    this.#base += this.#filled;
    this.#filled = 0;
  }

  /** Returns whether the line that is too long has come to its end. */
  #endTooLong(readFrom: number): boolean {
    const newline = this.#view(readFrom, this.#filled).indexOf(NEWLINE);
    if (newline < 0) {
      this.#base += this.#filled;
      this.#filled = 0;
      return false;
    }
    const from = this.#tooLongFrom ?? this.#base;
    this.#scan.takeTooLong(from, this.#base + readFrom + newline - from);
    this.#tooLongFrom = undefined;
    this.#linesLeft--;
    this.#consume(readFrom + newline + 1);
    return true;
  }

  #takeUnended(): void {
    if (this.#tooLongFrom === undefined) {
      this.#scan.take(this.#view(0, this.#filled), this.#base);
    } else {
      this.#scan.takeTooLong(this.#tooLongFrom, this.#base + this.#filled - this.#tooLongFrom);
    }
  }
}
