import { nodeFileSystem, readFile, withFile, writeAll } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { timingSafeEqual } from './node-crypto.js';

const tokenBytes = 32;
const maxFileBytes = 1024;

/** Writes the secret that proves the right to resume a run, for its owner's eyes only. */
export function writeResumeToken(
  path: string,
  { fs, random }: { readonly fs: FileSystem; readonly random: RandomSource },
): void {
  const token = Buffer.from(random.bytes(tokenBytes)).toString('hex');
  withFile(fs, { path, flags: 'wx', mode: 0o600 }, (fd) => {
    writeAll(fs, fd, Buffer.from(`${token}\n`));
  });
}

/**
 * Whether a token is the one of the run. How long that takes does not depend on where they differ. A
 * run without a readable token lets nobody in by token.
 */
export function checkResumeToken(
  path: string,
  given: string,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem } = {},
): boolean {
  try {
    const kept = readFile(fs, path, maxFileBytes).toString('utf8').trim();
    return kept.length === 2 * tokenBytes && timingSafeEqual(kept, given.trim());
  } catch {
    return false;
  }
}
