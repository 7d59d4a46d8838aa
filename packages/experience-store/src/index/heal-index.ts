import { tryAcquireLock } from '@codex-orchestrator/core';

import { LineScan } from '../log/scan-lines.js';
import { NeedleSearch } from '../log/scan-needles.js';
import { scanAtOnce } from '../log/scan-pieces.js';
import type { DomainFold, DomainState } from './domain-fold.js';
import { KEPT_PER_DOMAIN } from './domain-file.js';
import { domainHashOf } from './domain-hash.js';
import { fingerprintOf } from './fingerprint.js';
import { foldLine } from './fold-tail.js';
import type { IndexJob, KnownHeader } from './index-job.js';
import { newHeader } from './new-header.js';
import { readIndexHeader } from './read-index.js';
import { writeDomainFile, writeHeader } from './write-index.js';

/** What a scan of a whole log has found. */
export interface ScannedDomains {
  readonly folds: ReadonlyMap<string, DomainFold>;
  /** How much of the log is in the folds: whole lines and whole batches. */
  readonly settledTo: number;
}

/**
 * Puts into the index what a look-up had to scan the log for, unless another process is changing it: the
 * next look-up finds it there.
 */
export async function healIndex(job: IndexJob, scanned: ScannedDomains): Promise<void> {
  const { layout, ports, files, log } = job;
  const { taskId } = layout;
  const lock = await tryAcquireLock(layout.lockPath, { ...ports, taskId });
  if (!lock.ok) return;
  try {
    // Under the lock nobody replaces the log; until now somebody may have.
    const { ino, dev } = ports.fs.fstat(log.fd);
    const now = ports.fs.stat(layout.logPath);
    if (now.ino !== ino || now.dev !== dev) return;
    const reading = readIndexHeader(layout, log, files);
    if (reading.header) await addDomains(job, reading, scanned);
    else await beginIndex(job, scanned);
  } finally {
    await lock.value.release();
  }
}

async function addDomains(
  job: IndexJob,
  known: KnownHeader,
  scanned: ScannedDomains,
): Promise<void> {
  const { header, fileBytes } = known;
  const { settledTo } = scanned;
  // A file has to have all that the header covers.
  if (settledTo < header.covered) foldUpTo(job, scanned, header.covered);
  const covered = Math.max(settledTo, header.covered);
  const marks = writeDomains(job, scanned, { generation: header.generation, covered });
  const domains = header.domains.with(marks);
  const next = { ...header, sequence: header.sequence + 1, domains };
  await writeHeader({ ...job.ports, layout: job.layout }, next, fileBytes);
}

/** The index begins with the domains that were looked for; whoever appends next makes it whole. */
async function beginIndex(job: IndexJob, scanned: ScannedDomains): Promise<void> {
  const { ports, layout, files, log } = job;
  const { settledTo } = scanned;
  const header = newHeader(ports, false);
  const { generation } = header;
  const marks = writeDomains(job, scanned, { generation, covered: settledTo });
  const fingerprint = fingerprintOf(files, log.fd, settledTo);
  const domains = header.domains.with(marks);
  const next = { ...header, covered: settledTo, fingerprint, domains };
  await writeHeader({ ...ports, layout }, next, 0);
}

function foldUpTo({ layout, files, log }: IndexJob, scanned: ScannedDomains, end: number): void {
  const { settledTo, folds } = scanned;
  const open = new Map(
    [...folds].map(([domain, fold]) => [domain, { domain, fold, from: settledTo }] as const),
  );
  const scan = new LineScan({
    taskId: layout.taskId,
    search: NeedleSearch.for(new Set(folds.keys())),
    visit: (line) => {
      foldLine(open, line);
    },
  });
  scanAtOnce(scan, { fd: log.fd, files, from: settledTo, size: end });
}

function writeDomains(
  { ports, layout, files, log }: IndexJob,
  { folds }: ScannedDomains,
  { generation, covered }: { readonly generation: string; readonly covered: number },
): Map<string, number> {
  const fingerprint = fingerprintOf(files, log.fd, covered);
  const marks = new Map<string, number>();
  for (const [domain, fold] of folds) {
    const file = { ...shorten(fold.state), generation, domain, covered, fingerprint };
    const mark = writeDomainFile({ ...ports, layout }, file);
    if (mark !== undefined) marks.set(domainHashOf(domain), mark);
  }
  return marks;
}

function shorten({ kept, isWhole, gone }: DomainState): DomainState {
  if (kept.length <= KEPT_PER_DOMAIN) return { kept, isWhole, gone };
  return { kept: kept.slice(0, KEPT_PER_DOMAIN), isWhole: false, gone };
}
