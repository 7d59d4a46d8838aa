import { join } from 'node:path';

import type { GatePorts } from '../gate/gate-ports.js';

/** Whether something has this name below the root, whatever it is. */
export function isFileThere({ fs, root }: Pick<GatePorts, 'fs' | 'root'>, path: string): boolean {
  try {
    fs.lstat(join(root, path));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
