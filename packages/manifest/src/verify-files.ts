import { join } from 'node:path';

import { codeOf, messageOf, resolveInside } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { digestFile } from './digest-file.js';
import type { MovedFile } from './events.js';
import type { Artifact } from './manifest.js';
import { runFiles } from './run-files.js';
import type { Verification } from './verification.js';

/** Files with a name that nobody gave them, before the rest is only counted. */
const maxRemarks = 20;

interface NamedFiles {
  readonly artifacts: readonly Artifact[];
  /** Moves that may not have been made yet. */
  readonly pendingMoves: readonly MovedFile[];
}

/** Holds every file that the record names against what it names; returns how much was read. */
export async function checkFiles(
  verification: Verification,
  { artifacts, pendingMoves }: NamedFiles,
  fs: FileSystem,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const before = new Map(pendingMoves.map(({ from, to }) => [to, from]));
  let bytes = 0;
  for (const artifact of artifacts) {
    const paths = [artifact.path, before.get(artifact.path)].filter((path) => path !== undefined);
    bytes += await checkFile(verification, { artifact, paths }, fs);
  }
  return { files: artifacts.length, bytes };
}

/** Names the files that no event names: nothing can be said about them. */
export function remarkOtherFiles(
  verification: Verification,
  { artifacts, pendingMoves }: NamedFiles,
  fs: FileSystem,
): void {
  const names = artifacts.map(({ path }) => path);
  const known = new Set([...names, ...pendingMoves.map(({ from }) => from)]);
  let count = 0;
  for (const { kind, path } of runFiles(verification.layout.runDir, { fs, known })) {
    if (kind === 'known') continue;
    count += 1;
    if (count > maxRemarks) continue;
    verification.remark(
      kind === 'unreadable'
        ? `The folder or file '${path}' cannot be looked at.`
        : `No event names the file '${path}'.`,
    );
  }
  if (count > maxRemarks) verification.remark(`No event names ${count - maxRemarks} more files.`);
}

interface NamedFile {
  readonly artifact: Artifact;
  /** Where it may lie. */
  readonly paths: readonly string[];
}

async function checkFile(
  verification: Verification,
  { artifact, paths }: NamedFile,
  fs: FileSystem,
): Promise<number> {
  const { runDir } = verification.layout;
  const named = join(runDir, artifact.path);
  for (const path of paths) {
    try {
      const target = join(runDir, path);
      resolveInside(runDir, target, { fs });
      const size = sizeOf(target, fs);
      if (size === undefined) return altered(verification, named, 'it is no regular file any more');
      if (size !== artifact.bytes) return resized(verification, named, { size, artifact });
      const { bytes, sha256 } = await digestFile(target, fs);
      if (sha256 !== artifact.sha256) altered(verification, named, 'its content is another one');
      return bytes;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue;
      const message = `it cannot be read: ${messageOf(error)}`;
      verification.find('file-unreadable', named, { message });
      return 0;
    }
  }
  verification.find('file-missing', named, { message: 'the file is not there' });
  return 0;
}

function altered(verification: Verification, path: string, message: string): number {
  verification.find('file-altered', path, { message });
  return 0;
}

function resized(
  verification: Verification,
  path: string,
  { size, artifact }: { readonly size: number; readonly artifact: Artifact },
): number {
  const code = size < artifact.bytes ? 'file-cut' : 'file-grown';
  const message = `it has ${size} bytes, and had ${artifact.bytes} when it was recorded`;
  verification.find(code, path, { message });
  return 0;
}

/** Undefined for what is no regular file. */
function sizeOf(path: string, fs: FileSystem): number | undefined {
  const stats = fs.lstat(path);
  return stats.isFile() ? stats.size : undefined;
}
