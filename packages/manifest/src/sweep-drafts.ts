import { join } from 'node:path';

import {
  codeOf,
  identifyProcess,
  isTempName,
  nodeFileSystem,
  sleep,
  systemClock,
} from '@codex-orchestrator/core';
import type { Clock, FileSystem, ProcessLiveness, RunId } from '@codex-orchestrator/core';

import { parseDraftName } from './draft-name.js';
import type { DraftName } from './draft-name.js';
import { runIdsIn } from './locate-runs.js';
import type { RunOwner } from './manifest.js';
import { readJournal } from './read-journal.js';
import { createRunFolder } from './run-layout.js';
import type { RunFolder, TaskLayout } from './run-layout.js';
import { askThisMachine } from './run-liveness.js';

const oldAfterMs = 3_600_000;
/**
 * A draft is without a journal for a millisecond or two. So much longer nobody is at it, also where the
 * folder is shared with a machine whose processes cannot be asked from here.
 */
const settledAfterMs = 100;

export interface SweepDraftsOptions {
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  /** @default asks this machine */
  readonly liveness?: (owner: RunOwner) => ProcessLiveness;
}

/**
 * Removes what killed openings have left in the folder of a task: records that never got their name,
 * and markers without a record. A draft goes when the owner that its journal names is dead, or when it
 * has no journal and the process in its name is gone, or is older than an hour. Returns the removed paths; what cannot be looked at or
 * removed stays for the next time.
 */
export async function sweepDrafts(
  { taskRunsDir, activeDir }: TaskLayout,
  options: SweepDraftsOptions = {},
): Promise<string[]> {
  const ports = {
    fs: options.fs ?? nodeFileSystem,
    clock: options.clock ?? systemClock,
    liveness: options.liveness ?? askThisMachine,
  };
  const { fs } = ports;
  // An opening makes draft, marker and record in this order: read the other way round, a marker with
  // neither of the two has been left behind.
  const marked = namesIn(() => runIdsIn(activeDir, fs));
  const names = namesIn(() => fs.readdir(taskRunsDir));
  const removed: string[] = [];
  const opening = new Set<RunId>();
  for (const name of names) {
    const draft = parseDraftName(name);
    if (draft === undefined) continue;
    const folder = createRunFolder(join(taskRunsDir, name));
    if ((await isAbandoned(folder, draft, ports)) && removeDraft(folder, fs)) {
      removed.push(folder.runDir);
    } else {
      opening.add(draft.runId);
    }
  }
  for (const runId of marked) {
    const path = join(activeDir, runId);
    if (opening.has(runId) || !isMissing(join(taskRunsDir, runId), fs)) continue;
    if (remove(path, fs, 'unlink')) removed.push(path);
  }
  return removed;
}

type Ports = Required<SweepDraftsOptions>;

async function isAbandoned(folder: RunFolder, draft: DraftName, ports: Ports): Promise<boolean> {
  if (!isFolder(folder.runDir, ports.fs)) return false;
  const byJournal = await isOwnerDead(folder, ports);
  if (byJournal !== undefined) return byJournal;
  const age = ageMs(folder.runDir, ports);
  if (age > oldAfterMs) return true;
  if (draft.pid === process.pid || identifyProcess(draft.pid) !== undefined) return false;
  if (age >= settledAfterMs) return true;
  await sleep(ports.clock, settledAfterMs);
  return (await isOwnerDead(folder, ports)) ?? isFolder(folder.runDir, ports.fs);
}

/** What the draft's journal says of its owner; undefined while it has none. */
async function isOwnerDead(
  { journalPath }: RunFolder,
  { fs, liveness }: Ports,
): Promise<boolean | undefined> {
  try {
    const { events } = await readJournal(journalPath, { fs });
    const [first] = events;
    return first?.type === 'run.started' ? liveness(first.owner) === 'dead' : undefined;
  } catch {
    // It has none yet, or never got one.
    return undefined;
  }
}

function ageMs(path: string, { fs, clock }: Pick<Ports, 'clock' | 'fs'>): number {
  try {
    return clock.nowMs() - fs.lstat(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** A symlink of such a name leads to files that no opening made. */
function isFolder(path: string, fs: FileSystem): boolean {
  try {
    return fs.lstat(path).isDirectory();
  } catch {
    return false;
  }
}

/** The files that an opening makes, and no others: what else is in there keeps the folder. */
function removeDraft(folder: RunFolder, fs: FileSystem): boolean {
  const { manifestPath, journalPath, resumeTokenPath, commandsDir, errorsDir, runDir } = folder;
  const temps = namesIn(() => fs.readdir(runDir)).filter(isTempName);
  const files = [manifestPath, resumeTokenPath, ...temps.map((name) => join(runDir, name))];
  // The journal goes last: it is what tells that the owner is dead.
  for (const path of [...files, journalPath]) remove(path, fs, 'unlink');
  for (const path of [commandsDir, errorsDir]) remove(path, fs, 'rmdir');
  return remove(runDir, fs, 'rmdir');
}

function isMissing(path: string, fs: FileSystem): boolean {
  try {
    fs.lstat(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

function namesIn<Name>(list: () => Name[]): Name[] {
  try {
    return list();
  } catch {
    return [];
  }
}

/** Whether it is gone by this call. */
function remove(path: string, fs: FileSystem, how: 'rmdir' | 'unlink'): boolean {
  try {
    fs[how](path);
    return true;
  } catch {
    return false;
  }
}
