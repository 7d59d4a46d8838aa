import { parseLogLine } from '../record/parse-line.js';
import type { LogLine } from '../record/parse-line.js';
import type { BatchPlace } from './batch-frame.js';
import { isBlankedBatchEnd } from './blank-line.js';
import { BatchWalk, batchPlaceAt, isBlankLine } from './scan-batch.js';
import type { NeedleSearch } from './scan-needles.js';

export interface ScannedLine {
  /** Where the line begins in the log. */
  readonly offset: number;
  /** Its length without the newline. */
  readonly bytes: number;
  readonly line: LogLine;
  /** The line as text; empty where it is longer than `MAX_LINE_BYTES`. */
  readonly text: string;
  /** Whether it counts: `false` for a line of a batch whose last line is not there. */
  readonly isWhole: boolean;
}

export type VisitLine = (line: ScannedLine) => void;

export interface LineScanOptions {
  readonly taskId: string;
  /** Only lines that it finds are parsed and visited. @default all lines */
  readonly search: NeedleSearch | undefined;
  readonly visit: VisitLine;
}

/** Lines of a batch whose last one has not come yet. */
interface PendingBatch {
  readonly id: string;
  readonly walk: BatchWalk;
  readonly offset: number;
  readonly lines: ScannedLine[];
}

function pendingBatch(batch: BatchPlace, offset: number): PendingBatch {
  return { id: batch.id, walk: new BatchWalk(batch), offset, lines: [] };
}

const NEWLINE = 10;

/**
 * Takes a log piece by piece and hands on its lines in their order, those of a batch once its last line
 * is there. A batch that another record or note interrupts was never written whole: appends do not overlap,
 * so its writer is gone.
 */
export class LineScan {
  linesParsed = 0;
  readonly #options: LineScanOptions;
  #pending: PendingBatch | undefined;

  constructor(options: LineScanOptions) {
    this.#options = options;
  }

  /** Where the batch begins that is not whole yet. */
  get pendingFrom(): number | undefined {
    return this.#pending?.offset;
  }

  /**
   * @param bytes Whole lines; only the last one of the log may lack its newline.
   * @param offset Where they begin in the log.
   */
  take(bytes: Buffer, offset: number): void {
    const { search } = this.#options;
    search?.start(bytes);
    for (let at = 0; at < bytes.byteLength;) {
      const hit = search ? search.next(at) : at;
      if (hit > at) {
        if (this.#pending) at = this.#pending.walk.skip(bytes, at, hit);
        // Outside of a batch, the lines before the next hit matter to nobody.
        else if (hit === Infinity) return;
        else at = Math.max(at, bytes.lastIndexOf(NEWLINE, hit) + 1);
        if (at === bytes.byteLength) return;
      }
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 ? bytes.byteLength : newline;
      const isHit = search === undefined || hit < end;
      if (isHit || !isBlankLine(bytes, at, end)) {
        this.#takeLine({ bytes, start: at, end, offset: offset + at }, isHit);
      }
      at = end + 1;
    }
  }

  /** A line that is too long to be held. */
  takeTooLong(offset: number, bytes: number): void {
    if (this.#options.search) return;
    const line: LogLine = { kind: 'bad', reason: 'it is too long' };
    this.#hand({ offset, bytes, line, text: '', isWhole: true });
  }

  /** No more will come: what is left of a batch does not count. */
  end(): void {
    this.#drop();
  }

  #takeLine(place: LinePlace, isHit: boolean): void {
    const scanned = this.#parse(place);
    const { line } = scanned;
    if (line.kind === 'blank' || line.kind === 'bad') {
      if (isHit) this.#hand(scanned);
      if (this.#pending && isBlankedBatchEnd(scanned.text)) this.#endBlanked(place);
      return;
    }
    const { batch } = line;
    if (this.#pending && batch?.id !== this.#pending.id) this.#drop();
    const isOpen = batch !== undefined && batch.index < batch.size;
    if (this.#pending) this.#pending.walk.step();
    else if (isOpen) this.#pending = pendingBatch(batch, place.offset);
    if (isHit) this.#hand(scanned);
    if (!isOpen && this.#pending) this.#complete(this.#pending);
  }

  /** The last record of a batch was forgotten; the others count as before. */
  #endBlanked({ bytes, start, end }: LinePlace): void {
    const id = batchPlaceAt(bytes, start, end)?.id;
    if (this.#pending && id === this.#pending.id) this.#complete(this.#pending);
  }

  #parse({ bytes, start, end, offset }: LinePlace): ScannedLine {
    const text = bytes.toString('utf8', start, end);
    this.linesParsed++;
    const line = parseLogLine(text, this.#options.taskId);
    return { offset, bytes: end - start, line, text, isWhole: true };
  }

  #hand(line: ScannedLine): void {
    if (this.#pending) this.#pending.lines.push(line);
    else this.#options.visit(line);
  }

  #complete({ lines }: PendingBatch): void {
    this.#pending = undefined;
    for (const line of lines) this.#options.visit(line);
  }

  #drop(): void {
    if (!this.#pending) return;
    const { lines } = this.#pending;
    this.#pending = undefined;
    const { visit } = this.#options;
    for (const line of lines) {
      const isContent = line.line.kind === 'record' || line.line.kind === 'note';
      visit(isContent ? { ...line, isWhole: false } : line);
    }
  }
}

interface LinePlace {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}
