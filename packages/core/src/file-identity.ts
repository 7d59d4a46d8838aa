import type { Stats } from 'node:fs';

import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';

const PERMISSIONS = 0o777;
const ALL_MODE_BITS = 0o7777;

/**
 * Gives a just written file the owner and mode of the one that it will replace, or the wanted mode
 * where there is none. An owner that this process may not give away is not kept; the bits that would
 * then let others act as the new owner are dropped with it.
 */
export function adoptIdentity(
  fs: FileSystem,
  fd: number,
  file: {
    readonly written: Stats;
    readonly existing: Stats | undefined;
    readonly mode: number | undefined;
  },
): void {
  const { written, existing } = file;
  const ownerKept = existing === undefined || adoptOwner(fs, fd, written, existing);
  const wanted = existing?.mode ?? file.mode ?? written.mode;
  const mode = wanted & (ownerKept ? ALL_MODE_BITS : PERMISSIONS);
  // After the owner: changing that clears the set-user-id and set-group-id bits.
  if (mode !== (written.mode & ALL_MODE_BITS)) fs.fchmod(fd, mode);
}

function adoptOwner(fs: FileSystem, fd: number, written: Stats, existing: Stats): boolean {
  const { uid, gid } = existing;
  if (uid === written.uid && gid === written.gid) return true;
  if (changeOwner(fs, fd, uid, gid)) return true;
  // A member of the group may keep that much.
  changeOwner(fs, fd, written.uid, gid);
  return false;
}

function changeOwner(fs: FileSystem, fd: number, uid: number, gid: number): boolean {
  try {
    fs.fchown(fd, uid, gid);
    return true;
  } catch (error) {
    if (['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
