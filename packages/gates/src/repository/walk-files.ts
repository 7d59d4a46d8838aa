import type { Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { messageOf } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';

type WalkPorts = Pick<GatePorts, 'fs' | 'outDir' | 'root' | 'runsDir' | 'signal'>;

/**
 * Paths of the files below some folders of the root, relative, with `/`, sorted, without what is installed,
 * built or recorded. Symlinks are files.
 *
 * @throws GateError `INVALID_FILE` for a folder that cannot be read, `CANCELLED`
 */
export function walkFiles(ports: WalkPorts, folders: readonly string[]): readonly string[] {
  const { root, runsDir, outDir, signal } = ports;
  const recorded = new Set([runsDir, outDir]);
  const files = new Set<string>();
  const waiting = folders.map((folder) => join(root, folder));
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (signal.aborted) throw new GateError('CANCELLED', `Cannot list '${root}': it was ended`);
    const stats = lookAt(ports, place);
    if (stats?.isFile() === true || stats?.isSymbolicLink() === true) {
      files.add(relative(root, place).split(sep).join('/'));
    }
    if (stats?.isDirectory() !== true) continue;
    for (const name of readFolder(ports, place)) {
      const inside = join(place, name);
      if (!left.has(name) && !recorded.has(inside)) waiting.push(inside);
    }
  }
  return [...files].sort();
}

const left: ReadonlySet<string> = new Set([
  '.git',
  '.runs',
  '.venv',
  'archives',
  'dist',
  'node_modules',
  'out',
  'target',
  'vendor',
]);

function lookAt({ fs, root }: WalkPorts, place: string): Stats | undefined {
  try {
    return fs.lstat(place);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw unreadable(root, place, cause);
  }
}

function readFolder({ fs, root }: WalkPorts, place: string): readonly string[] {
  try {
    return fs.readdir(place);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw unreadable(root, place, cause);
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unreadable(root: string, place: string, cause: unknown): GateError {
  const path = relative(root, place).split(sep).join('/') || '.';
  const reason = messageOf(cause);
  const message = `Cannot list the files of ${JSON.stringify(path)}: ${reason}`;
  return new GateError('INVALID_FILE', message, { cause });
}
