import { join } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import { isFile, isFolder, readIfThere, removeTree, writeNew } from './file-tree.js';

/** All that git looks for in a private repository: in anything else it could find a program to start. */
const known: Readonly<Record<string, readonly string[]>> = {
  '': ['HEAD', 'config', 'identity.json', 'index', 'info', 'objects', 'refs'],
  info: ['attributes', 'exclude'],
  objects: [],
  refs: [],
};

/** What decides what git does there; the index is watched by who uses it. */
const watched = ['HEAD', 'config', 'info/attributes', 'info/exclude'];

/**
 * The files of a private repository as they were when it was opened. It lies where an agent can write, also
 * one in a sandbox, and git runs outside of that.
 */
export class PrivateFiles {
  readonly #folder: string;
  readonly #fs: FileSystem;
  readonly #contents: ReadonlyMap<string, Buffer | undefined>;

  constructor(folder: string, fs: FileSystem) {
    this.#folder = folder;
    this.#fs = fs;
    this.#contents = new Map(watched.map((name) => [name, readIfThere(fs, join(folder, name))]));
  }

  /** Makes them what they were. */
  restore(): void {
    for (const [place, names] of Object.entries(known)) this.#restoreFolder(place, names);
    for (const [name, content] of this.#contents) this.#restoreFile(name, content);
    const index = join(this.#folder, 'index');
    if (!isFile(this.#fs, index)) removeTree(this.#fs, index);
  }

  #restoreFolder(place: string, names: readonly string[]): void {
    const folder = join(this.#folder, place);
    const fs = this.#fs;
    if (!isFolder(fs, folder)) {
      removeTree(fs, folder);
      fs.mkdir(folder, { recursive: true });
    }
    for (const name of fs.readdir(folder)) {
      if (!names.includes(name)) removeTree(fs, join(folder, name));
    }
  }

  #restoreFile(name: string, content: Buffer | undefined): void {
    const path = join(this.#folder, name);
    const now = isFile(this.#fs, path) ? readIfThere(this.#fs, path) : undefined;
    if (now !== undefined && content?.equals(now)) return;
    removeTree(this.#fs, path);
    if (content !== undefined) writeNew(this.#fs, path, content);
  }
}
