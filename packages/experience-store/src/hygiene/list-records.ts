import { compareText } from '../compare-text.js';
import { compareEntries } from '../index/entry.js';
import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';
import { openLog } from '../log/replace-source.js';
import type { OpenLog } from '../log/replace-source.js';
import { parseLogLine } from '../record/parse-line.js';
import type { Experience } from '../record/record.js';
import { expectWholeNumber } from './expect-option.js';
import { foldLog } from './fold-log.js';
import { portsOf } from '../ports.js';
import type { HygieneOptions } from './hygiene-options.js';
import type { Ports } from '../ports.js';
import type { RecordFacts } from './record-table.js';

export interface ListOptions extends HygieneOptions {
  /** Compared exactly. @default all domains */
  readonly domain?: string | undefined;
  /** @default all runs */
  readonly runId?: string | undefined;
  /** @default 50 */
  readonly limit?: number | undefined;
  /** `best`: as look-ups answer, by score. @default 'newest' */
  readonly order?: 'newest' | 'best' | undefined;
}

export interface RecordList {
  readonly records: readonly Experience[];
  /** How many there are, whatever the limit. */
  readonly total: number;
}

/**
 * Records of a task with what notes say of them, without those that were forgotten. Reads the whole log;
 * a look-up by domain is what the index is for.
 *
 * @throws ExperienceError `INVALID_OPTION`, `STORE_UNREADABLE`; the reason of the signal.
 */
export async function listRecords(
  layout: ExperienceLayout,
  options: ListOptions = {},
): Promise<RecordList> {
  const { domain, runId, limit = 50, order = 'newest' } = options;
  expectWholeNumber('limit', limit, 0);
  const found = await select(layout, options, {
    wants: (record) =>
      (domain === undefined || record.domain === domain.trim()) &&
      (runId === undefined || record.runId === runId),
    choose: (facts) =>
      facts
        .sort(order === 'best' ? compareEntries : newestFirst)
        .slice(0, Math.min(limit, facts.length)),
  });
  return found;
}

/**
 * The record with an id; the first one where it is in several domains, `undefined` where there is none.
 *
 * @throws ExperienceError `STORE_UNREADABLE`; the reason of the signal.
 */
export async function findRecord(
  layout: ExperienceLayout,
  id: string,
  options: HygieneOptions = {},
): Promise<Experience | undefined> {
  const { records } = await select(layout, options, {
    wants: (record) => record.id === id,
    choose: (facts) => facts.slice(0, 1),
  });
  return records[0];
}

interface Selection {
  readonly wants: (record: Experience) => boolean;
  readonly choose: (facts: RecordFacts[]) => RecordFacts[];
}

async function select(
  layout: ExperienceLayout,
  options: HygieneOptions,
  { wants, choose }: Selection,
): Promise<RecordList> {
  const { fs } = portsOf(options);
  const { signal, onProgress } = options;
  const { taskId } = layout;
  using log = openLog(layout, fs);
  if (!log) return { records: [], total: 0 };
  const detailOf = (): undefined => undefined;
  const fold = await foldLog(log, { fs, taskId, wants, detailOf, signal, onProgress });
  const there = fold.records.filter((facts) => !facts.forgotten);
  const total = there.length;
  const records = choose(there).flatMap((facts) => readFacts(log, facts, { fs, taskId }) ?? []);
  return { records, total };
}

/** The text comes from the file that was folded; a line that was blanked since is no record any more. */
function readFacts(
  log: OpenLog,
  facts: RecordFacts,
  { fs, taskId }: Pick<Ports, 'fs'> & { readonly taskId: string },
): Experience | undefined {
  const buffer = Buffer.allocUnsafe(facts.bytes);
  const bytes = buffer.subarray(0, new CountedFiles(fs).read(log.fd, buffer, facts.offset));
  const parsed = parseLogLine(bytes.toString('utf8'), taskId);
  return parsed.kind === 'record' ? withHistory(parsed.record, facts) : undefined;
}

/** A record as its line has it, with what notes say of it. */
export function withHistory(record: Experience, facts: RecordFacts<unknown>): Experience {
  const { seen, uses, helped, harmed, pinned } = facts;
  return { ...record, seen, uses, helped, harmed, pinned };
}

function newestFirst(a: RecordFacts, b: RecordFacts): number {
  return compareText(b.createdAt, a.createdAt) || b.offset - a.offset;
}
