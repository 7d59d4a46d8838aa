import { join } from 'node:path';

import { messageOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { digestFile } from './digest-file.js';
import type { Artifact } from './manifest.js';
import { runFiles } from './run-files.js';

/** One event names them all, and readers take lines of up to 16 MiB. */
const maxFiles = 10_000;
const maxNameBytes = 4 * 1024 * 1024;

export interface SealArtifacts {
  readonly artifacts: readonly Artifact[];
  /** What could not be read or is too much to name, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The files of a run that no event has named yet, with what they hold at its end. Files that have been
 * named are not read again: they are held against what their writer said of them. Never throws; what
 * cannot be read becomes a note.
 */
export async function sealArtifacts(
  runDir: string,
  { fs, named }: { readonly fs: FileSystem; readonly named: ReadonlySet<string> },
): Promise<SealArtifacts> {
  const artifacts: Artifact[] = [];
  const notes: string[] = [];
  let nameBytes = 0;
  let unnamed = 0;
  for (const file of runFiles(runDir, { fs, known: named })) {
    if (file.kind === 'unreadable') notes.push(unreadable(file.path, file.reason));
    if (file.kind !== 'file') continue;
    nameBytes += Buffer.byteLength(file.path);
    if (artifacts.length === maxFiles || nameBytes > maxNameBytes) {
      unnamed += 1;
      continue;
    }
    try {
      artifacts.push({ path: file.path, ...(await digestFile(join(runDir, file.path), fs)) });
    } catch (error) {
      notes.push(unreadable(file.path, messageOf(error)));
    }
  }
  if (unnamed > 0) notes.push(`${unnamed} more files of the run are too many to be recorded.`);
  return { artifacts, notes };
}

function unreadable(path: string, reason: string): string {
  return `The file '${path}' of the run could not be read: ${reason}.`;
}
