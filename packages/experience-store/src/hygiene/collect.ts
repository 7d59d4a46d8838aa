import { boilerplateOf } from '../gate/boilerplate.js';
import { sweepNewLogs, replaceLog } from '../log/replace-log.js';
import { endTornTail } from '../log/replace-recover.js';
import { openLog } from '../log/replace-source.js';
import type { OpenLog } from '../log/replace-source.js';
import type { ExperienceLayout } from '../layout.js';
import type { Experience } from '../record/record.js';
import { signatureOf } from '../record/similarity.js';
import { contentKeyOf } from './content-key.js';
import { foldLog } from './fold-log.js';
import { planGc } from './gc-plan.js';
import type { GcDetail, GcPlanOptions } from './gc-plan.js';
import { summariseGc } from './gc-report.js';
import type { GcReport, GcWork } from './gc-report.js';
import { portsOf } from '../ports.js';
import { rebuildIndex } from './rebuild-index.js';
import { underLock } from '../log/under-lock.js';
import type { LockedOptions } from './hygiene-options.js';
import { writeKept } from './write-kept.js';

export interface CollectOptions extends LockedOptions, Omit<GcPlanOptions, 'nowMs'> {
  /** Says what would go, changes nothing and takes no lock. @default false */
  readonly dryRun?: boolean | undefined;
  /** @default the time of the clock */
  readonly nowMs?: number | undefined;
  /** Whether records that are nearly the same are joined, too. @default false */
  readonly near?: boolean | undefined;
  /** Whether records go that say nothing, such as that a run has ended. @default false */
  readonly boilerplate?: boolean | undefined;
  /** How many examples the report names of each reason. @default 5 */
  readonly maxExamples?: number | undefined;
}

/**
 * Writes the log anew without what is not needed: forgotten records and blank lines, lines that cannot be
 * read, lines of other tasks, what is there twice, and, where asked, near duplicates, boilerplate, records
 * beyond the best of their domain, and old ones that no run was ever given. Notes become counters of the
 * records that they are about. Nothing is written where nothing would change.
 *
 * Others may append meanwhile; none of their lines is lost. Reads the log twice, and keeps of each record
 * about half a kilobyte in memory (twice that with `near`), never all texts.
 *
 * @throws ExperienceError `INVALID_OPTION`, `STORE_BUSY`, `STORE_UNREADABLE`, `STORE_WRITE_FAILED` (the log is
 * the old one or the new one, whole in both cases); the reason of the signal.
 */
export async function collect(
  layout: ExperienceLayout,
  options: CollectOptions = {},
): Promise<GcReport> {
  // Options that are wrong are said to be so before anything is waited for.
  planGc([], planOptionsOf(options));
  if (options.dryRun) return rewrite(layout, options, undefined);
  return underLock(layout, options, async (signal) => {
    await sweepNewLogs(layout, portsOf(options));
    const report = await rewrite(layout, { ...options, signal }, signal);
    if (report.isReplaced) await rebuildIndex(layout, portsOf(options));
    return report;
  });
}

async function rewrite(
  layout: ExperienceLayout,
  options: CollectOptions,
  signal: AbortSignal | undefined,
): Promise<GcReport> {
  const { fs, clock, random } = portsOf(options);
  using log = openLog(layout, fs);
  if (!log) return summariseGc(undefined, options);
  if (!options.dryRun) endTornTail(layout.logPath, fs);
  const work = await planOf(log, layout, options);
  const pass = {
    fs,
    taskId: layout.taskId,
    signal: options.signal,
    onProgress: options.onProgress,
  };
  const measure = (write: (lines: Uint8Array) => void): Promise<number> =>
    writeKept(log, work, { ...pass, write });
  if (options.dryRun || !work.isWorthIt) {
    const bytesAfter = work.isWorthIt ? await measure(() => undefined) : work.fold.bytes;
    return summariseGc({ ...work, bytesAfter, carriedLines: 0, isReplaced: false }, options);
  }
  const replacement = {
    log,
    coveredBytes: work.fold.wholeBytes,
    fill: async (write: (lines: Uint8Array) => void) => {
      await measure(write);
    },
  };
  const replaced = await replaceLog(layout, replacement, { fs, clock, random, signal });
  const { bytes: bytesAfter, carriedLines } = replaced;
  return summariseGc({ ...work, bytesAfter, carriedLines, isReplaced: true }, options);
}

async function planOf(
  log: OpenLog,
  layout: ExperienceLayout,
  options: CollectOptions,
): Promise<GcWork> {
  const { fs } = portsOf(options);
  const fold = await foldLog<GcDetail>(log, {
    fs,
    taskId: layout.taskId,
    detailOf: (record) => detailOf(record, options),
    countsUnended: options.dryRun === true,
    maxExamples: options.maxExamples ?? 5,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const plan = planGc(fold.records, planOptionsOf(options));
  const isWorthIt =
    plan.decisions.size > 0 ||
    fold.notes.count > 0 ||
    [fold.blank, fold.unreadable, fold.misplaced, fold.incomplete, fold.repeated].some(
      (lines) => lines.count > 0,
    );
  return { fold, plan, isWorthIt };
}

function detailOf(record: Experience, { near, boilerplate }: CollectOptions): GcDetail {
  const { summary32 } = record;
  return {
    contentKey: contentKeyOf(record),
    signature: near ? signatureOf(summary32) : undefined,
    isBoilerplate: boilerplate === true && boilerplateOf(summary32) !== undefined,
  };
}

function planOptionsOf(options: CollectOptions): GcPlanOptions {
  const { keepPerDomain, olderThanDays } = options;
  const nowMs = options.nowMs ?? portsOf(options).clock.nowMs();
  return { nowMs, keepPerDomain, olderThanDays };
}
