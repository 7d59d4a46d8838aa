import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { gitFailure } from './git-failure.js';

/** What is on disk in the place of content that git has. */
export type DiskState = 'missing' | 'other' | 'same';

type DiskPorts = Pick<GatePorts, 'fs' | 'git' | 'root'>;

/**
 * Holds files and symlinks on disk against ids that git has, by their paths from the root, whatever the index
 * says of them.
 *
 * @throws GateError `GIT_FAILED`, `CANCELLED`
 */
export async function compareWithDisk(
  ports: DiskPorts,
  ids: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, DiskState>> {
  const states = new Map<string, DiskState>();
  const files: string[] = [];
  for (const [path, id] of ids) {
    const stats = lookAt(ports, path);
    if (stats?.isFile() === true) files.push(path);
    else
      states.set(path, stats === undefined ? 'missing' : stateOfLink(ports, path, { id, stats }));
  }
  for (const group of groupsOf(files)) {
    const hashes = await hash(ports, group);
    group.forEach((path, at) => states.set(path, hashes[at] === ids.get(path) ? 'same' : 'other'));
  }
  return states;
}

function lookAt({ fs, root }: DiskPorts, path: string): Stats | undefined {
  try {
    return fs.lstat(`${root}/${path}`);
  } catch {
    return undefined;
  }
}

/** Git would follow the link. */
function stateOfLink(
  { fs, root }: DiskPorts,
  path: string,
  { id, stats }: { readonly id: string; readonly stats: Stats },
): DiskState {
  if (!stats.isSymbolicLink()) return 'other';
  const target = Buffer.from(fs.readlink(`${root}/${path}`));
  const blob = createHash(id.length === 64 ? 'sha256' : 'sha1');
  blob.update(`blob ${target.length}\0`).update(target);
  return blob.digest('hex') === id ? 'same' : 'other';
}

async function hash({ git, root }: DiskPorts, paths: readonly string[]): Promise<string[]> {
  const attempted = `read files of '${root}'`;
  const answer = await git(['hash-object', '--', ...paths]);
  if (answer.exitCode !== 0) throw gitFailure(answer, attempted);
  const lines = answer.output.split('\n').slice(0, -1);
  if (lines.length === paths.length) return lines;
  throw new GateError('GIT_FAILED', `Cannot ${attempted}: the output of git breaks off`);
}

/** Bytes of paths that one process is given. */
const maxArgumentBytes = 32 * 1024;

function groupsOf(paths: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let room = 0;
  for (const path of paths) {
    const bytes = Buffer.byteLength(path) + 1;
    if (groups.length === 0 || room < bytes) {
      groups.push([]);
      room = maxArgumentBytes;
    }
    groups.at(-1)?.push(path);
    room -= bytes;
  }
  return groups;
}
