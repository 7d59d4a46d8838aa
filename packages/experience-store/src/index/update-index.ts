import { tryAcquireLock } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';
import { recoverReplacement } from '../log/replace-recover.js';
import { openLog } from '../log/scan-log.js';
import { LineScan } from '../log/scan-lines.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { scanAtOnce } from '../log/scan-pieces.js';
import { fingerprintOf } from './fingerprint.js';
import { foldLine } from './fold-tail.js';
import type { Folds } from './fold-tail.js';
import type { IndexHeader } from './header.js';
import { MOST_BUILT_AT_ONCE } from './index-job.js';
import type { Ports } from '../ports.js';
import type { IndexJob, KnownHeader } from './index-job.js';
import { IndexMemory } from './index-memory.js';
import { newHeader } from './new-header.js';
import { NewContents } from './new-contents.js';
import { readIndexHeader } from './read-index.js';
import { TouchedFolds } from './touched-folds.js';
import { writeHeader } from './write-index.js';

export interface UpdateReport {
  /** `busy`: another process is at it. `none`: there is no log, or a large one without an index. */
  readonly outcome: 'updated' | 'unchanged' | 'built' | 'busy' | 'none';
  /** How much of the log the index covers now; 0 where it is not known. */
  readonly covered: number;
  readonly domainsWritten: number;
}

/**
 * Brings the index up to date with the log, unless another process is doing it. A log without a usable
 * index gets a new one, from its first line if it is not large.
 *
 * @param memory What this process knows of the index from its last update: saves reading it again.
 * @throws ExperienceError `STORE_UNREADABLE`; the errors of core's locks and writes. Whatever fails, the
 * index is as it was, or as it was to become, or recognised as unusable.
 */
export async function updateIndex(
  layout: ExperienceLayout,
  ports: Ports,
  memory?: IndexMemory,
): Promise<UpdateReport> {
  const { taskId } = layout;
  const lock = await tryAcquireLock(layout.lockPath, { ...ports, taskId });
  if (!lock.ok) return { outcome: 'busy', covered: 0, domainsWritten: 0 };
  try {
    return await updateIndexUnderLock(layout, ports, memory);
  } finally {
    await lock.value.release();
  }
}

/** As `updateIndex`, for who holds the lock of the layout already. */
export async function updateIndexUnderLock(
  layout: ExperienceLayout,
  ports: Ports,
  memory: IndexMemory = new IndexMemory(),
): Promise<UpdateReport> {
  // Lines that a killed replacement of the log has left behind are part of it.
  recoverReplacement(layout, ports);
  const files = new CountedFiles(ports.fs);
  const log = openLog(layout, files);
  if (!log) return { outcome: 'none', covered: 0, domainsWritten: 0 };
  try {
    const reading = readIndexHeader(layout, log, files);
    const job = { layout, ports, files, log, memory };
    // What look-ups began with a domain or two is made whole where that does not take long.
    const isLarge = log.size > MOST_BUILT_AT_ONCE;
    const isUsable = reading.header && (reading.header.complete || isLarge);
    return isUsable ? await extendIndex(job, reading) : await buildIndex(job);
  } finally {
    files.close(log.fd);
  }
}

/** A new generation: whatever is left of older ones is refused from here on. */
async function buildIndex(job: IndexJob): Promise<UpdateReport> {
  if (job.log.size > MOST_BUILT_AT_ONCE) return { outcome: 'none', covered: 0, domainsWritten: 0 };
  const header = newHeader(job.ports, true);
  const report = await extendIndex(job, { header, fileBytes: 0 });
  return { ...report, outcome: 'built' };
}

async function extendIndex(
  job: IndexJob,
  { header, fileBytes }: KnownHeader,
): Promise<UpdateReport> {
  const { layout, ports, files, log, memory } = job;
  const folds = new TouchedFolds(job, header);
  const contents = new NewContents();
  const covered = foldOn(job, header, [folds, contents]);
  if (covered === header.covered && fileBytes > 0) {
    return { outcome: 'unchanged', covered, domainsWritten: 0 };
  }
  const fingerprint = fingerprintOf(files, log.fd, covered);
  try {
    const marks = folds.write({ covered, fingerprint });
    await contents.write(job, header.generation);
    const domains = header.domains.with(marks);
    const next = { ...header, sequence: header.sequence + 1, covered, fingerprint, domains };
    await writeHeader({ ...ports, layout }, next, fileBytes);
    return { outcome: 'updated', covered, domainsWritten: marks.size };
  } catch (error) {
    memory.clear();
    throw error;
  }
}

/** Folds what was appended; returns how far that is settled. */
function foldOn(
  { layout, files, log }: IndexJob,
  { covered }: IndexHeader,
  [folds, contents]: readonly [Folds, NewContents],
): number {
  const visit = (line: ScannedLine): void => {
    foldLine(folds, line);
    contents.take(line);
  };
  const scan = new LineScan({ taskId: layout.taskId, search: undefined, visit });
  const budgets = { maxBytes: MOST_BUILT_AT_ONCE };
  const source = { ...log, files, from: covered, budgets, takesUnended: false };
  return scanAtOnce(scan, source).settledTo;
}
