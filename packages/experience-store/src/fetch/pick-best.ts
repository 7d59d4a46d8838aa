import type { DomainState } from '../index/domain-fold.js';
import type { Entry } from '../index/entry.js';
import { readRecordAt } from '../log/read-record.js';
import { scoreOf } from '../record/record.js';
import type { Experience } from '../record/record.js';
import type { LookUp } from './look-up.js';
import type { Want } from './query.js';

/** A record of an answer, with what decides its place among those of other logs. */
export interface Found {
  readonly entry: Entry;
  readonly record: Experience;
}

/**
 * Reads the records that answer a query from their places in the log; `undefined` where the state has too
 * few of them, or where one is not what the state says.
 */
export function pickBest(
  { kept, isWhole }: DomainState,
  { domain, limit, minScore }: Want,
  { log, files, layout }: LookUp,
): Found[] | undefined {
  const found: Found[] = [];
  for (const entry of kept) {
    if (found.length >= limit || entry.score < minScore) return found;
    const reading = readRecordAt(files, log.fd, entry, layout.taskId);
    // Forgotten in place; whoever did it notes it in the log too.
    if (reading.kind === 'blank') continue;
    if (reading.kind !== 'record' || !isOf(entry, domain, reading.record)) return undefined;
    found.push({ entry, record: withCounters(reading.record, entry) });
  }
  return isWhole || found.length >= limit ? found : undefined;
}

/** By all that decides its place, so that an edit of the log that moves it is seen. */
function isOf(entry: Entry, domain: string, record: Experience): boolean {
  const { id, createdAt, reward } = record;
  if (id !== entry.id || record.domain !== domain) return false;
  return createdAt === entry.createdAt && scoreOf(reward) === entry.score;
}

function withCounters(record: Experience, entry: Entry): Experience {
  const { seen, uses, helped, harmed, pinned } = entry;
  return { ...record, seen, uses, helped, harmed, pinned };
}
