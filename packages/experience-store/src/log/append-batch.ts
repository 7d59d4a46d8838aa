import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

import {
  codeOf,
  messageOf,
  nodeFileSystem,
  syncFolder,
  systemClock,
  withFile,
} from '@codex-orchestrator/core';
import type { Clock, Durability, FileSystem } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { awaitReplacement } from './await-replacement.js';
import { fileIdentityOf } from './file-identity.js';
import { fileHolds } from './file-holds.js';
import { openFlags } from './open-flags.js';

export interface AppendRequest {
  /**
   * `power` syncs the log, and its folders where they are new, before the call returns.
   *
   * @default 'process'
   */
  readonly durability?: Durability;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/** Where appended lines landed. */
export interface AppendedBatch {
  /** Where the first line begins; if others wrote in the same moment, it begins there or later. */
  readonly offset: number;
  /** Bytes of the lines with their newlines; a newline in front of a healed tail is not among them. */
  readonly bytes: number;
  /** Whether somebody had left half a line, which now ends where these begin. */
  readonly healedTail: boolean;
  /** Whether `offset` is certain: nobody else wrote in the same moment. */
  readonly isExact: boolean;
  /** Which file it was, by `fileIdentityOf`; `undefined` where a replacement took the lines along. */
  readonly file?: string;
}

/** Each try that fails has met a replacement of the very file that it wrote to. */
const MOST_TRIES = 10;

/**
 * Appends whole lines, given without their newlines, to the log of a task in one `O_APPEND` write and
 * takes no lock. Missing folders are made. Behind half a line they begin on a new one; if that half was
 * just being written by somebody else, the result is an empty line, which readers skip.
 *
 * Who compacts a log replaces its file, at any moment, and takes along what was appended until then. So
 * after the write the path is looked at again: if it names another file, this waits until the compaction
 * is over, looks whether the lines were taken along, and if not, appends them again.
 *
 * @throws ExperienceError `STORE_WRITE_FAILED`, saying what of the lines is on disk.
 */
export function appendToLog(
  layout: ExperienceLayout,
  lines: readonly string[],
  request: AppendRequest = {},
): AppendedBatch {
  const { durability = 'process', fs = nodeFileSystem, clock = systemClock } = request;
  const job = { layout, bytes: Buffer.from(`${lines.join('\n')}\n`), durability, fs, clock };
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const appended = appendOnce(job);
      if (appended) return appended;
      awaitReplacement(layout.lockPath, { fs, clock });
      const found = fileHolds(layout.logPath, needleOf(lines), fs);
      // Whoever replaced the file has written to it alone, and made it durable as it saw fit.
      if (found) return { ...found, bytes: job.bytes.byteLength, healedTail: false };
    }
    throw new Error('its file was replaced again and again');
  } catch (cause) {
    const message = `Cannot append to the experiences "${layout.logPath}": ${messageOf(cause)}`;
    throw new ExperienceError('STORE_WRITE_FAILED', message, { path: layout.logPath, cause });
  }
}

interface AppendJob {
  readonly layout: ExperienceLayout;
  readonly bytes: Buffer;
  readonly durability: Durability;
  readonly fs: FileSystem;
  readonly clock: Clock;
}

/**
 * What tells that the lines were taken along. A compaction may write a record anew, but keeps its id,
 * which comes first; it may leave out the frame of a batch.
 */
function needleOf(lines: readonly string[]): Buffer {
  const record = lines.find((line) => line.startsWith(RECORD_START));
  if (record === undefined) return Buffer.from(lines[0] ?? '');
  return Buffer.from(record.slice(0, record.indexOf('"', RECORD_START.length) + 1));
}

const RECORD_START = '{"id":"';

/** `undefined` when the lines went to a file that is not, or no longer, the log. */
function appendOnce(job: AppendJob): AppendedBatch | undefined {
  const { layout, fs, bytes, durability } = job;
  const folders = { made: false };
  return withLog(job, folders, (fd) => {
    const before = expectFile(fs.fstat(fd));
    const healedTail = isTorn(fs, fd, before.size);
    writeOnce(fs, fd, healedTail ? Buffer.concat([NEWLINE, bytes]) : bytes);
    const now = statOrNone(fs, layout.logPath);
    if (now?.ino !== before.ino || now.dev !== before.dev) return undefined;
    if (durability === 'power') {
      sync(job, fd, { isNew: before.size === 0, madeFolders: folders.made });
    }
    const offset = healedTail ? before.size + 1 : before.size;
    const isExact = now.size === offset + bytes.byteLength;
    return { offset, bytes: bytes.byteLength, healedTail, isExact, file: fileIdentityOf(now) };
  });
}

function withLog<T>(
  { layout, fs }: AppendJob,
  folders: { made: boolean },
  use: (fd: number) => T,
): T {
  const log = { path: layout.logPath, flags: openFlags.appendOrCreate, mode: 0o666 };
  try {
    return withFile(fs, log, use);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // Once in the life of a task.
    fs.mkdir(dirname(layout.logPath), { recursive: true });
    folders.made = true;
    return withFile(fs, log, use);
  }
}

function expectFile(stats: Stats): Stats {
  if (!stats.isFile()) throw new Error('it is not a regular file');
  return stats;
}

const NEWLINE = Buffer.of(10);

function isTorn(fs: FileSystem, fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.allocUnsafe(1);
  // Somebody cut the file in this moment: an empty line at worst.
  return fs.read(fd, last, size - 1) === 0 || last[0] !== NEWLINE[0];
}

/** One call, whatever the size: a second one could land behind another writer's line. */
function writeOnce(fs: FileSystem, fd: number, bytes: Buffer): void {
  const count = fs.write(fd, bytes, null);
  if (count === bytes.byteLength) return;
  const lost =
    count < bytes.byteLength - 1
      ? 'what is there is half a batch, which no reader counts'
      : 'all but the last newline is there, and counts as soon as somebody else appends';
  throw new Error(`only ${count} of ${bytes.byteLength} bytes were written; ${lost}`);
}

function statOrNone(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    const reason = `all lines are written, but not whether they stay: ${messageOf(error)}`;
    throw new Error(reason, { cause: error });
  }
}

function sync(
  { layout, fs }: AppendJob,
  fd: number,
  { isNew, madeFolders }: { readonly isNew: boolean; readonly madeFolders: boolean },
): void {
  try {
    fs.fsync(fd);
    if (isNew) syncFolder(fs, layout.taskOutDir);
    if (madeFolders) syncFolder(fs, dirname(layout.taskOutDir));
  } catch (error) {
    const reason = `all lines are written, but may not outlive a loss of power: ${messageOf(error)}`;
    throw new Error(reason, { cause: error });
  }
}
