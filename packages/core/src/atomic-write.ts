import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { CoreError, errnoOf } from './errors.js';
import type { OnDisk } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { messageOf } from './message-of.js';
import { systemRandom } from './random.js';
import type { RandomSource } from './random.js';
import { renameOver } from './rename-over.js';
import { adoptIdentity } from './file-identity.js';
import { locateTarget } from './replace-target.js';
import type { ReplaceTarget } from './replace-target.js';
import { syncFolder } from './sync-folder.js';
import { createTempPath } from './temp-path.js';
import { useFile } from './with-file.js';
import { writeAll } from './write-all.js';

/**
 * What a finished write outlives. `process`: the death of this process, in any way. `power`: also
 * the loss of power or of the kernel.
 */
export type Durability = 'process' | 'power';

export interface AtomicWriteOptions {
  /** @default 'process' */
  readonly durability?: Durability;
  /**
   * Permission bits of a file that does not exist yet, exactly as given. An existing file keeps its own.
   *
   * @default 0o666 without the bits of the umask
   */
  readonly mode?: number;
  /**
   * A folder that the write must not leave, neither through `..` nor through a symlink that exists
   * when it starts.
   *
   * @default undefined (anywhere)
   */
  readonly root?: string;
  readonly fs?: FileSystem;
  readonly random?: RandomSource;
  readonly clock?: Clock;
}

/** What a write cost. */
export interface WriteReport {
  readonly bytes: number;
  readonly fsyncs: number;
}

/**
 * Replaces a file as a whole: readers see the old content or the new, never a part, whatever happens
 * to this process. An existing file keeps its mode, and its owner where that is permitted; a symlink
 * stays and the file that it points to is replaced. The folder must exist.
 *
 * The file is replaced when the call returns (not when its promise settles), except where Windows
 * makes it wait: two calls for one file without an `await` between them happen in their order.
 *
 * @throws CoreError `ATOMIC_WRITE_FAILED`, whose `onDisk` is `'new'` when only the sync of the folder
 * failed; `PATH_ESCAPES_ROOT`.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<WriteReport> {
  const { durability = 'process', root, fs = nodeFileSystem } = options;
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const power = durability === 'power';
  let onDisk: OnDisk = 'old';
  try {
    const target = locateTarget(path, { fs, root });
    await replace(target, bytes, { ...options, fs, power });
    onDisk = 'new';
    const fsyncs = power ? 1 + syncFolder(fs, dirname(target.path)) : 0;
    return { bytes: bytes.byteLength, fsyncs };
  } catch (error) {
    throw writeFailed(path, error, onDisk);
  }
}

/**
 * `writeFileAtomic` with the value as JSON: two spaces, a final newline.
 *
 * @throws CoreError `INVALID_JSON` when the value has no JSON form, and as `writeFileAtomic`.
 */
export async function writeJsonAtomic(
  path: string,
  value: unknown,
  options: AtomicWriteOptions = {},
): Promise<WriteReport> {
  return writeFileAtomic(path, encodeJson(path, value), options);
}

type ReplaceOptions = AtomicWriteOptions & { readonly fs: FileSystem; readonly power: boolean };

/** After a failure the target is as before and the temp file is gone. */
async function replace(
  target: ReplaceTarget,
  bytes: Uint8Array,
  options: ReplaceOptions,
): Promise<void> {
  const { fs, power, random = systemRandom, clock = systemClock } = options;
  const tempPath = createTempPath(target.path, random);
  // The old content may be secret: nobody else reads the new one before it has the owner and mode of
  // the old. The umask takes from `mode` here; `adoptIdentity` gives it back.
  const mode = target.existing ? 0o600 : (options.mode ?? 0o666);
  const fd = createTemp(fs, tempPath, mode);
  try {
    useFile(fs, fd, () => {
      writeAll(fs, fd, bytes);
      const written = expectSize(fs.fstat(fd), bytes.byteLength);
      adoptIdentity(fs, fd, { written, existing: target.existing, mode: options.mode });
      if (power) fs.fsync(fd);
    });
    await renameOver(tempPath, target.path, { fs, clock, platform: process.platform });
  } catch (error) {
    throw writeFailed(target.path, error, removeTemp(fs, tempPath));
  }
}

/**
 * Opens exclusively: what already has the name, a planted symlink included, is somebody else's and
 * stays. Any other failure may have made the file all the same (network file systems do that).
 */
function createTemp(fs: FileSystem, tempPath: string, mode: number): number {
  try {
    return fs.open(tempPath, 'wx', mode);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') removeTemp(fs, tempPath);
    throw error;
  }
}

function expectSize(stats: Stats, bytes: number): Stats {
  if (stats.size !== bytes) throw new Error(`the file has ${stats.size} of ${bytes} bytes`);
  return stats;
}

/** Never throws: the first error counts, and a sweep finds what stays. Tells what the target holds. */
function removeTemp(fs: FileSystem, tempPath: string): OnDisk {
  try {
    fs.unlink(tempPath);
    return 'old';
  } catch (error) {
    // Gone already: the rename may have been done although it failed (network file systems do that).
    return errnoOf(error) === 'ENOENT' ? 'unknown' : 'old';
  }
}

function encodeJson(path: string, value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value, null, 2);
    // The declared type hides that a function or `undefined` has no text.
    if (typeof text !== 'string') throw new TypeError(`${typeof value} is not a JSON value`);
    return `${text}\n`;
  } catch (cause) {
    const message = `Cannot write "${path}" as JSON: ${messageOf(cause)}`;
    throw new CoreError('INVALID_JSON', message, { path, cause, onDisk: 'old' });
  }
}

function writeFailed(path: string, cause: unknown, onDisk: OnDisk): CoreError {
  // It has been said already, or it is `PATH_ESCAPES_ROOT`.
  if (cause instanceof CoreError) return cause;
  const what = onDisk === 'new' ? 'Cannot make the new content durable of' : 'Cannot replace';
  return new CoreError('ATOMIC_WRITE_FAILED', `${what} "${path}": ${messageOf(cause)}`, {
    path,
    cause,
    onDisk,
  });
}
