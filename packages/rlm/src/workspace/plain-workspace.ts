import { sha256Hex, writeFileAtomic } from '@codex-orchestrator/core';

import { RlmError } from '../errors.js';
import type { WorldPorts } from '../loop/ports.js';
import type { Workspace } from './workspace.js';

/** A folder whose changes nobody can tell; the note says why. */
export function plainWorkspace(folder: string, why: string, ports: WorldPorts): Workspace {
  return {
    folder,
    kind: 'plain',
    branch: null,
    notes: [`What changes cannot be told: ${why}`],
    snapshot: () => Promise.resolve(null),
    compare: () => Promise.resolve({ files: 0, insertions: 0, deletions: 0, paths: [], stat: '' }),
    writePatch: async (_before, _after, path) => {
      await writeFileAtomic(path, '', { fs: ports.fs, random: ports.random });
      return { bytes: 0, sha256: sha256Hex(''), truncated: false, redacted: false };
    },
    describe: () => Promise.resolve(null),
    restore: () => Promise.reject(notIsolated(folder)),
    keep: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
}

export function notIsolated(folder: string): RlmError {
  return new RlmError(
    'NOT_ISOLATED',
    `Cannot restore '${folder}', which is no worktree of the loop: work of others may be in it`,
    { path: folder },
  );
}
