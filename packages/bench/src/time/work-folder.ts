import { mkdtemp, realpath, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux has a file system in memory. */
const memoryFolder = '/dev/shm';
/** More than copies of all builds and the data of every guard of a project take. */
const neededBytes = 1024 ** 3;

/**
 * Makes an empty folder for a measurement of time, in memory where there is room: what a disk does in the
 * background would be charged to whoever calls next.
 */
export async function makeWorkFolder(): Promise<string> {
  const parent = (await hasRoom(memoryFolder)) ? memoryFolder : tmpdir();
  try {
    return await realpath(await mkdtemp(join(parent, 'bench-')));
  } catch (error) {
    if (parent !== memoryFolder) throw error;
    return realpath(await mkdtemp(join(tmpdir(), 'bench-')));
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= neededBytes;
  } catch {
    return false;
  }
}
