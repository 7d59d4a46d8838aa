import { createSha256, readdirWithLinksAsFiles } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type * as Crypto from 'node:crypto';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';

export interface InputsHashOptions {
  readonly root: string;
  /** Where runs are kept, absolute; a run that looked at itself would never find the same. */
  readonly runsDir: string;
  readonly fs: FileSystem;
}

const chunkBytes = 64 * 1024;

/** Bytes after which others get their turn: a signal must not wait for gigabytes of inputs. */
const turnBytes = 8 * 1024 * 1024;

/**
 * Digest of the files below the root that the globs name: their paths and what is in them. A symlink
 * counts as where it points to, so that nothing outside of the root is read. Rejects where a file cannot
 * be read.
 */
export async function inputsHash(
  globs: readonly string[],
  options: InputsHashOptions,
): Promise<string> {
  const hash = createSha256();
  const turns = new Turns();
  for (const path of await findFiles(globs, options)) {
    // A length before each part: no two lists of files have the same bytes.
    addText(hash, path);
    await addFile(hash, join(options.root, path), { fs: options.fs, turns });
  }
  return hash.digest('hex');
}

/** Loaded on first use: most pipelines declare no inputs. */
async function findFiles(
  globs: readonly string[],
  { root, runsDir }: InputsHashOptions,
): Promise<string[]> {
  const { escapePath, glob } = await import('tinyglobby');
  const found = await glob(globs, {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    fs: { readdir: readdirWithLinksAsFiles },
    ignore: ['**/.git/**', `${escapePath(relative(root, runsDir))}/**`],
  });
  return found.sort();
}

interface FileReading {
  readonly fs: FileSystem;
  readonly turns: Turns;
}

async function addFile(hash: Crypto.Hash, path: string, { fs, turns }: FileReading): Promise<void> {
  if (fs.lstat(path).isSymbolicLink()) {
    addText(hash, `-> ${fs.readlink(path)}`);
    return;
  }
  const content = createSha256();
  const fd = fs.open(path, 'r');
  try {
    const view = Buffer.allocUnsafe(chunkBytes);
    for (let read = fs.read(fd, view, null); read > 0; read = fs.read(fd, view, null)) {
      content.update(view.subarray(0, read));
      await turns.take(read);
    }
  } finally {
    fs.close(fd);
  }
  addText(hash, content.digest('hex'));
}

function addText(hash: Crypto.Hash, text: string): void {
  hash.update(`${Buffer.byteLength(text)}:${text}`);
}

class Turns {
  #bytes = 0;

  async take(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#bytes < turnBytes) return;
    this.#bytes = 0;
    await setImmediate();
  }
}
