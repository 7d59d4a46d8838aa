import type { Stats } from 'node:fs';

import { codeOf, messageOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from './read-cost.js';
import type { Cost } from './read-cost.js';
import { LineScan } from './scan-lines.js';
import type { VisitLine } from './scan-lines.js';
import { NeedleSearch } from './scan-needles.js';
import { scanPieces } from './scan-pieces.js';
import type { PieceReport, PieceSource, ScanBudgets } from './scan-pieces.js';

export interface ScanOptions {
  readonly fs: FileSystem;
  /**
   * Parse and visit only lines that may speak of one of these domains; some that do not are visited too.
   *
   * @default all lines
   */
  readonly domains?: ReadonlySet<string> | undefined;
  /** Where to begin, at the beginning of a line. @default 0 */
  readonly from?: number | undefined;
  readonly budgets?: ScanBudgets | undefined;
  /** Ends the scan; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ScanReport extends PieceReport {
  /** The length of the log when the scan began; 0 without one. */
  readonly size: number;
  readonly cost: Cost;
}

/**
 * Reads a log from its beginning to where it ends now and hands on its lines in their order, with bounded
 * memory and with pauses in which other work gets its turn. A log that is missing is an empty one.
 *
 * @throws ExperienceError `STORE_UNREADABLE`; the reason of the signal; what `visit` throws.
 */
export async function scanLog(
  layout: ExperienceLayout,
  options: ScanOptions,
  visit: VisitLine,
): Promise<ScanReport> {
  const { fs, domains, from = 0, budgets, signal } = options;
  signal?.throwIfAborted();
  const files = new CountedFiles(fs);
  const log = openLog(layout, files);
  if (!log) return { ...NOTHING, cost: files.cost };
  try {
    const search = domains && NeedleSearch.for(domains);
    const scan = new LineScan({ taskId: layout.taskId, search, visit });
    const source = { ...log, files, from: Math.min(from, log.size), budgets };
    const report = await scanWithPauses(scan, source, { signal });
    files.linesParsed += scan.linesParsed;
    return { ...report, size: log.size, cost: files.cost };
  } catch (error) {
    throw unreadable(layout, error);
  } finally {
    files.close(log.fd);
  }
}

const NOTHING = { settledTo: 0, end: 0, hasUnended: false, truncated: false, size: 0 };

export interface LogFile {
  readonly fd: number;
}

export interface OpenLog extends LogFile {
  readonly size: number;
}

/** `undefined` where there is no log, or nothing in it: known without opening it. */
export function openLog(layout: ExperienceLayout, files: CountedFiles): OpenLog | undefined {
  const log = openLogFile(layout, files);
  if (!log) return undefined;
  try {
    return { ...log, size: files.fs.fstat(log.fd).size };
  } catch (error) {
    files.close(log.fd);
    throw unreadable(layout, error);
  }
}

/** As `openLog`, for those who ask how long it is later, or not at all. */
export function openLogFile(layout: ExperienceLayout, files: CountedFiles): LogFile | undefined {
  return statLog(layout, files) && openKnownLog(layout, files);
}

/** `undefined` where there is no log, or nothing in it. */
export function statLog(layout: ExperienceLayout, files: CountedFiles): Stats | undefined {
  return unlessMissing(layout, () => {
    const stats = files.fs.stat(layout.logPath);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    return stats.size === 0 ? undefined : stats;
  });
}

/** Opens a log that was there a moment ago. */
export function openKnownLog(layout: ExperienceLayout, files: CountedFiles): LogFile | undefined {
  return unlessMissing(layout, () => ({ fd: files.open(layout.logPath) }));
}

function unlessMissing<T>(layout: ExperienceLayout, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw unreadable(layout, error);
  }
}

/** Chunks between two pauses: about a millisecond's work. */
const CHUNKS_AT_ONCE = 4;

export interface ScanPace {
  /** Ends the scan between two chunks; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk; what it returns is waited for. */
  readonly afterChunk?: (() => Promise<void> | void) | undefined;
}

/** Reads on with pauses in which other work gets its turn. */
export async function scanWithPauses(
  scan: LineScan,
  source: PieceSource,
  { signal, afterChunk }: ScanPace,
): Promise<PieceReport> {
  const steps = scanPieces(scan, source);
  for (let taken = 1; ; taken++) {
    const step = steps.next();
    if (afterChunk) await afterChunk();
    if (step.done) return step.value;
    if (taken % CHUNKS_AT_ONCE === 0) await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}

/** Errors of the file system say which log it was; others stay as they are. */
export function unreadable(layout: ExperienceLayout, cause: unknown): unknown {
  if (cause instanceof ExperienceError || !isErrno(cause)) return cause;
  const message = `Cannot read the experiences "${layout.logPath}": ${messageOf(cause)}`;
  return new ExperienceError('STORE_UNREADABLE', message, { path: layout.logPath, cause });
}

function isErrno(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
