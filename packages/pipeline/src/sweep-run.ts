import { basename, dirname, join } from 'node:path';

import { identifyProcess, isTempName, sweepTempFiles } from '@codex-orchestrator/core';
import type { RunLayout } from '@codex-orchestrator/manifest';

import type { RunPorts } from './run-lock.js';
import { loopFolders } from './stage-files.js';

/**
 * Removes what killed writers left of a run: temp files in its folders, and of its lock. The run has no
 * writer but who holds its lock, so that their age says nothing. Never throws: they are rubbish, and no
 * reader takes them for anything else.
 */
export async function sweepRun(layout: RunLayout, ports: RunPorts): Promise<void> {
  const { fs, clock } = ports;
  const { runDir, commandsDir, errorsDir } = layout;
  const ofLoop = tryLoopFolders(layout, ports).map((folder) => join(runDir, folder));
  for (const folder of [runDir, commandsDir, errorsDir, ...ofLoop]) {
    await sweepTempFiles(folder, { olderThanMs: 0, fs, clock }).catch(() => []);
  }
  try {
    sweepLock(layout, ports);
  } catch {
    // The next one may have more luck.
  }
}

function tryLoopFolders(layout: RunLayout, { fs }: RunPorts): readonly string[] {
  try {
    return loopFolders(layout, fs);
  } catch {
    return [];
  }
}

/** Others try for the lock at any time: only what a dead process left goes. */
function sweepLock({ lockPath }: RunLayout, { fs }: RunPorts): void {
  const folder = dirname(lockPath);
  const prefix = `.${basename(lockPath)}.`;
  for (const name of fs.readdir(folder)) {
    if (!name.startsWith(prefix) || !isTempName(name)) continue;
    const pid = Number(/\.(\d+)-[0-9a-f]+\.atomic-tmp$/.exec(name)?.[1]);
    if (identifyProcess(pid) === undefined) fs.unlink(join(folder, name));
  }
}
