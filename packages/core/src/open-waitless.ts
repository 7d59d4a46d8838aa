import type { FileSystem } from './file-system.js';
import { nodeFs } from './node-modules.js';
import { closeQuietly } from './with-file.js';

// Windows does not know it.
const { O_NONBLOCK: noWait = 0 } = nodeFs.constants as { readonly O_NONBLOCK?: number };

/**
 * Opens a file for reading, symlinks followed. A pipe whose other end nobody opens would keep the whole process
 * waiting, signals included: what is no file is refused instead.
 *
 * @throws Error for a pipe, a socket or a device, and the errno errors of the file system.
 */
export function openWaitless(fs: FileSystem, path: string): number {
  const fd = fs.open(path, nodeFs.constants.O_RDONLY | noWait);
  let isReadable = false;
  try {
    const stats = fs.fstat(fd);
    // Whoever reads a folder is told so by the system.
    isReadable = stats.isFile() || stats.isDirectory();
  } finally {
    if (!isReadable) closeQuietly(fs, fd);
  }
  if (!isReadable) throw new Error('it is not a file');
  return fd;
}
