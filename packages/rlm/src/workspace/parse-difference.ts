import { readRecords } from './read-records.js';
import type { Difference } from './workspace.js';

export interface DifferenceWithStatus extends Difference {
  /** As `git status --short` shows staged changes, at most 2000 characters. */
  readonly status: string;
}

const maxPaths = 200;
export const maxTextLength = 2000;

export interface DifferenceReader {
  readonly push: (bytes: Buffer) => void;
  readonly end: () => DifferenceWithStatus;
}

/**
 * Reads what `git diff-tree -r -M -z --raw --numstat --stat` prints: records of what became of each path,
 * then those with its lines, then text. Memory does not depend on how much changed.
 */
export function readDifference(): DifferenceReader {
  const sums = { files: 0, insertions: 0, deletions: 0 };
  const paths: string[] = [];
  const status = new BoundedLines();
  let open: { readonly kind: 'lines' | 'status'; letter: string; awaited: number; names: string[] };
  const close = (): void => {
    if (open.kind === 'status') status.add(`${open.letter}  ${open.names.join(' -> ')}`);
    else if (paths.length < maxPaths) paths.push(open.names.at(-1) ?? '');
    open = nothingOpen();
  };
  const begin = (record: string): void => {
    const letter = /^:.* ([A-Z])\d*$/s.exec(record)?.[1];
    if (letter !== undefined) {
      open = { kind: 'status', letter, awaited: 'RC'.includes(letter) ? 2 : 1, names: [] };
      return;
    }
    const lines = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(record);
    if (!lines) return;
    sums.files += 1;
    // Of binary files there are no lines.
    sums.insertions += Number(lines[1]) || 0;
    sums.deletions += Number(lines[2]) || 0;
    open = { kind: 'lines', letter: '', awaited: 2, names: [] };
    if (lines[3]) {
      open.names.push(lines[3]);
      close();
    }
  };
  open = nothingOpen();
  const records = readRecords((record) => {
    if (open.awaited === 0) {
      begin(record);
      return;
    }
    open.names.push(record);
    if (open.names.length === open.awaited) close();
  });
  return {
    push: records.push,
    end: () => ({ ...sums, paths, status: status.text(), stat: boundStat(records.rest()) }),
  };
}

function nothingOpen(): {
  readonly kind: 'status';
  letter: string;
  awaited: number;
  names: string[];
} {
  return { kind: 'status', letter: '', awaited: 0, names: [] };
}

/** Cuts the lines in the middle: the last one has the sums. */
export function boundStat(text: string): string {
  const stat = text.trimEnd();
  if (stat.length <= maxTextLength) return stat;
  const last = stat.slice(stat.lastIndexOf('\n') + 1).slice(0, 200);
  const room = maxTextLength - last.length - 6;
  const head = stat.slice(0, room);
  return `${head.slice(0, Math.max(head.lastIndexOf('\n'), 0))}\n ...\n${last}`;
}

/** Lines as far as there is room for them, and how many more there were. */
class BoundedLines {
  readonly #lines: string[] = [];
  #length = 0;
  #more = 0;

  add(line: string): void {
    this.#length += line.length + 1;
    // Room for the line that says how many are missing.
    if (this.#length > maxTextLength - 40) this.#more += 1;
    else this.#lines.push(line);
  }

  text(): string {
    const more = this.#more > 0 ? [`... and ${this.#more} more`] : [];
    return [...this.#lines, ...more].join('\n');
  }
}
