import { basename, join } from 'node:path';

import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { CoreError, errnoOf } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { messageOf } from './message-of.js';
import { identifyProcess } from './process-identity.js';
import type { RandomSource } from './random.js';

/** The longest file name that Linux, macOS and Windows all take, in bytes. */
const MAX_NAME_BYTES = 255;
const RANDOM_BYTES = 8;
const TEMP_NAME = /^\..+\.(\d{1,10})-[0-9a-f]{16}\.atomic-tmp$/s;

/**
 * A new name beside the target: `.<target>.<pid>-<random>.atomic-tmp`. A sibling, because a rename is
 * atomic only inside one file system. A long target name is cut so that the whole still fits.
 */
export function createTempPath(targetPath: string, random: RandomSource): string {
  return tempPathFor(targetPath, Buffer.from(random.bytes(RANDOM_BYTES)).toString('hex'));
}

/** As `createTempPath`, for who has 16 random hexadecimal digits already. */
export function tempPathFor(targetPath: string, unique: string): string {
  const tail = `.${process.pid}-${unique}.atomic-tmp`;
  const name = basename(targetPath);
  const stem = cutToBytes(name, MAX_NAME_BYTES - 1 - tail.length);
  const folder = targetPath.slice(0, targetPath.lastIndexOf(name));
  return `${folder}.${stem}${tail}`;
}

/** Whether a file name (not a path) is that of a temporary file of `writeFileAtomic`. */
export function isTempName(name: string): boolean {
  return TEMP_NAME.test(name);
}

export interface SweepOptions {
  /**
   * Younger files stay, whoever wrote them.
   *
   * @default 3_600_000
   */
  readonly olderThanMs?: number;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/**
 * Removes what killed writers left in a folder (not below it) and returns the removed paths.
 *
 * A file goes only if it is older than `olderThanMs` *and* its writer is gone: the pid in its name is
 * no process of this machine, or is this process and the file is older than it (in a container every
 * run may get the same pid). A paused writer thus keeps its file for as long as it lives. Where a
 * folder is shared with processes that this machine cannot see, age alone protects them; a write that
 * loses its file fails with an error and leaves the old content.
 *
 * @throws CoreError `SWEEP_FAILED` when the folder cannot be listed or a file cannot be removed. A
 * missing folder is an empty one.
 */
export function sweepTempFiles(folder: string, options: SweepOptions = {}): Promise<string[]> {
  return Promise.resolve().then(() => sweep(folder, options));
}

function sweep(folder: string, options: SweepOptions): string[] {
  const { olderThanMs = 3_600_000, fs = nodeFileSystem, clock = systemClock } = options;
  const newestMs = clock.nowMs() - olderThanMs;
  const removed: string[] = [];
  for (const name of namesIn(folder, fs)) {
    const path = join(folder, name);
    if (isTempName(name) && removeAbandoned(path, { newestMs, fs })) removed.push(path);
  }
  return removed;
}

function namesIn(folder: string, fs: FileSystem): string[] {
  try {
    return fs.readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw sweepFailed(folder, error);
  }
}

function removeAbandoned(
  path: string,
  { newestMs, fs }: { readonly newestMs: number; readonly fs: FileSystem },
): boolean {
  try {
    const stats = fs.lstat(path);
    if (!stats.isFile() || stats.mtimeMs > newestMs) return false;
    if (mayStillBeWritten(path, stats.mtimeMs)) return false;
    fs.unlink(path);
    return true;
  } catch (error) {
    // Another sweep, or the writer itself, was quicker.
    if (errnoOf(error) === 'ENOENT') return false;
    throw sweepFailed(path, error);
  }
}

function mayStillBeWritten(path: string, modifiedMs: number): boolean {
  const pid = Number(TEMP_NAME.exec(basename(path))?.[1]);
  // In a container every run may get the same pid: what is older than this process is not its own.
  if (pid === process.pid) return modifiedMs >= performance.timeOrigin;
  return identifyProcess(pid) !== undefined;
}

function sweepFailed(path: string, cause: unknown): CoreError {
  return new CoreError('SWEEP_FAILED', `Cannot sweep "${path}": ${messageOf(cause)}`, {
    path,
    cause,
  });
}

/** Of UTF-8, for one UTF-16 unit. */
const MOST_BYTES_PER_UNIT = 3;

/** The longest beginning that fits and does not cut a character in two. */
function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * MOST_BYTES_PER_UNIT <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  let end = maxBytes;
  while (isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
