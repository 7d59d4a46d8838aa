import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';
import { withFile } from './with-file.js';

/** What file systems answer that have no such operation for folders. */
const NOT_OFFERED = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * Makes the names in a folder durable and returns the number of fsyncs done: a new or renamed file
 * is lost with the power until its folder is synced, even if its content was. Windows keeps names
 * in a journal of its own and cannot open folders; there this does nothing.
 */
export function syncFolder(fs: FileSystem, folder: string): number {
  if (process.platform === 'win32') return 0;
  return withFile(fs, { path: folder, flags: 'r' }, (fd) => {
    try {
      fs.fsync(fd);
      return 1;
    } catch (error) {
      if (NOT_OFFERED.has(errnoOf(error) ?? '')) return 0;
      throw error;
    }
  });
}
