import { dirname } from 'node:path';

import { createSha256, writeFileAtomic } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { isFile, isFolder, removeTree } from '../workspace/file-tree.js';

/** A file of the loop with what was written into it, which need not be what is there later. */
export interface EvidenceFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PlacePorts {
  readonly fs: FileSystem;
  /** The folder of the loop, absolute. */
  readonly loopDir: string;
}

/**
 * Makes room for a file or folder of the loop. Whatever was put in its place, or in that of a folder on the
 * way to it, is removed and not written through: a symlink could lead to a file of the user, which an agent
 * in a sandbox cannot reach itself, and a pipe would never answer.
 */
export function clearPlace(path: string, ports: PlacePorts): void {
  holdFolder(dirname(path), ports);
  removeTree(ports.fs, path);
}

/** A folder of the loop's own, made where it is missing. */
export function holdFolder(path: string, ports: PlacePorts): void {
  const { fs, loopDir } = ports;
  if (path.startsWith(`${loopDir}/`)) holdFolder(dirname(path), ports);
  if (isFolder(fs, path)) return;
  removeTree(fs, path);
  fs.mkdir(path, { recursive: true });
}

/** Replaces a file of the loop as a whole; a reader sees the one before or this one. */
export async function writeOwnFile(
  path: string,
  text: string,
  ports: PlacePorts & { readonly random: RandomSource },
): Promise<EvidenceFile> {
  const { fs, random } = ports;
  holdFolder(dirname(path), ports);
  if (!isFile(fs, path)) removeTree(fs, path);
  await writeFileAtomic(path, text, { fs, random });
  return evidenceOf(path, text);
}

export async function writeOwnJson(
  path: string,
  value: unknown,
  ports: PlacePorts & { readonly random: RandomSource },
): Promise<EvidenceFile> {
  return writeOwnFile(path, `${JSON.stringify(value, null, 2)}\n`, ports);
}

export function evidenceOf(path: string, text: string): EvidenceFile {
  const bytes = Buffer.from(text);
  return { path, bytes: bytes.length, sha256: createSha256().update(bytes).digest('hex') };
}
