import type { ScannedLine } from '../log/scan-lines.js';
import type { DomainFold } from './domain-fold.js';

/** A domain's fold, and how much of the log it has been given. */
export interface OpenFold {
  readonly domain: string;
  readonly fold: DomainFold;
  /** Lines before this are in it already. */
  readonly from: number;
}

export interface Folds {
  get(domain: string): OpenFold | undefined;
}

/** Gives a line of the log to the folds of the domains that it speaks of. */
export function foldLine(folds: Folds, scanned: ScannedLine): void {
  const { line, offset, isWhole } = scanned;
  if (!isWhole) return;
  if (line.kind === 'record') {
    const open = folds.get(line.record.domain);
    if (open && offset >= open.from) open.fold.record(line.record, scanned);
  } else if (line.kind === 'note') {
    for (const domain of domainsOf(line.note)) {
      const open = folds.get(domain);
      if (open && offset >= open.from) open.fold.note(line.note, domain);
    }
  }
}

type Note = Extract<ScannedLine['line'], { kind: 'note' }>['note'];

export function domainsOf(note: Note): ReadonlySet<string> {
  if (note.note !== 'outcome') return new Set([note.domain]);
  return new Set(note.used.map(({ domain }) => domain));
}
