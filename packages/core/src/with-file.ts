import type { FileSystem } from './file-system.js';

/** Opens a file for the time of one function. */
export function withFile<T>(
  fs: FileSystem,
  open: { readonly path: string; readonly flags: string | number; readonly mode?: number },
  use: (fd: number) => T,
): T {
  return useFile(fs, fs.open(open.path, open.flags, open.mode), use);
}

/**
 * Closes an open file behind one function, on every path. An error of closing counts (network file
 * systems report lost writes there) unless it would hide an earlier one.
 */
export function useFile<T>(fs: FileSystem, fd: number, use: (fd: number) => T): T {
  let result: T;
  try {
    result = use(fd);
  } catch (error) {
    closeQuietly(fs, fd);
    throw error;
  }
  fs.close(fd);
  return result;
}

/** Closes where another error is already under way, or where nothing was written. */
export function closeQuietly(fs: FileSystem, fd: number): void {
  try {
    fs.close(fd);
  } catch {
    // The descriptor is gone in either case.
  }
}
