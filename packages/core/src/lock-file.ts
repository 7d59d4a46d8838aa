import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';
import { parseLockOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { untrustedReadFlags } from './read-flags.js';
import { withFile } from './with-file.js';
import { writeAll } from './write-all.js';

/** What one look at a lock file found. */
export interface LockSnapshot {
  /** `undefined` for a file without a readable owner record, such as an empty one. */
  readonly owner: LockOwner | undefined;
  /** Which file it is, whatever its name points at now. */
  readonly inode: number;
  readonly modifiedMs: number;
}

/** Readable for all: others must see who holds the lock. */
export const LOCK_FILE_MODE = 0o644;

/** Far more than any owner record; what else may lie under the name is not read into memory. */
const MAX_RECORD_BYTES = 8192;

/**
 * Looks at a lock file through one descriptor, so that content and file belong together; `undefined`
 * when there is none.
 * @throws the errno errors of the file system, and `Error` for what is not a regular file.
 */
export function inspectLockFile(fs: FileSystem, path: string): LockSnapshot | undefined {
  try {
    return withFile(fs, { path, flags: untrustedReadFlags }, (fd) => {
      const stats = fs.fstat(fd);
      if (!stats.isFile()) throw new Error('it is not a regular file');
      const record = Buffer.allocUnsafe(Math.min(stats.size, MAX_RECORD_BYTES));
      const length = readStart(fs, fd, record, record.byteLength);
      const owner = parseLockOwner(record.toString('utf8', 0, length));
      return { owner, inode: stats.ino, modifiedMs: stats.mtimeMs };
    });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * What lies under a lock's name: this very record, another file, or nothing. The record holds a token
 * that no other has, so its text is proof enough.
 */
export function compareLockFile(
  fs: FileSystem,
  path: string,
  record: Buffer,
): 'same' | 'other' | 'none' {
  try {
    return withFile(fs, { path, flags: untrustedReadFlags }, (fd) => {
      const found = Buffer.allocUnsafe(record.byteLength + 1);
      const length = readStart(fs, fd, found, record.byteLength);
      return length === record.byteLength && record.compare(found, 0, length) === 0
        ? 'same'
        : 'other';
    });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'none';
    throw error;
  }
}

/**
 * What tells one holding of a lock from every other, the same on every host that shares the file: the
 * owner's token, or the inode and time of a file that has no owner record.
 */
export function lockGeneration({ owner, inode, modifiedMs }: LockSnapshot): string {
  return owner === undefined ? `${inode}:${modifiedMs}` : owner.token;
}

/** Reads the start of a file until that many bytes are there or it ends; returns their number. */
function readStart(fs: FileSystem, fd: number, into: Buffer, wantedBytes: number): number {
  let length = 0;
  while (length < wantedBytes) {
    const count = fs.read(fd, length === 0 ? into : into.subarray(length), length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** What file systems answer that know no hard links (FAT, some network and overlay mounts). */
const NO_LINKS = new Set(['EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM']);

/** A finished owner record under a name of its own. */
export interface PreparedRecord {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Gives a prepared record a second name that must be new; `false` when the name is taken. A link makes
 * the whole record appear at once. Without hard links the name appears empty and is filled then: an
 * owner that dies or pauses in between is one of whom nothing is known.
 */
export function placeExclusively(fs: FileSystem, record: PreparedRecord, path: string): boolean {
  try {
    fs.link(record.path, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoOf(error) ?? '')) throw error;
  }
  return createUnlessThere(fs, path, record.content);
}

function createUnlessThere(fs: FileSystem, path: string, content: Buffer): boolean {
  try {
    createFile(fs, path, content);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Creates a file that must be new, with all of its content or not at all. */
export function createFile(fs: FileSystem, path: string, content: Buffer): void {
  withFile(fs, { path, flags: 'wx', mode: LOCK_FILE_MODE }, (fd) => {
    removeOnFailure(fs, path, () => {
      writeAll(fs, fd, content);
    });
  });
}

/** Runs a step; when it fails, the file is removed and the step's error thrown. */
export function removeOnFailure<T>(fs: FileSystem, path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    removeQuietly(fs, path);
    throw error;
  }
}

/** Removes a file whose staying behind is litter and no fault of what was done. */
export function removeQuietly(fs: FileSystem, path: string): void {
  try {
    fs.unlink(path);
  } catch {
    // Gone already, or left for a sweep.
  }
}

/** Removes a name that may be gone already; `false` when it was. */
export function removeIfThere(fs: FileSystem, path: string): boolean {
  try {
    fs.unlink(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
