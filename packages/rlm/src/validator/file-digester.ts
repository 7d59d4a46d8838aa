import { dirname, join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { createSha256 } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

const chunkBytes = 64 * 1024;

/** Work after which others get their turn; a file costs as much as the reading of some of its bytes. */
const turnBytes = 8 * 1024 * 1024;
const fileCostBytes = 32 * 1024;

/** Digests files below a root. What is not there has no digest; what cannot be read has one that says so. */
export class FileDigester {
  readonly #root: string;
  readonly #fs: FileSystem;
  readonly #digests = new Map<string, string>();
  readonly #seen = new Set<string>();
  /** Whether a folder is a symlink or in one, with the symlink. */
  readonly #links = new Map<string, string | undefined>();
  readonly #view = Buffer.allocUnsafe(chunkBytes);
  #realRoot: string | undefined;
  #work = 0;

  constructor(root: string, fs: FileSystem) {
    this.#root = root;
    this.#fs = fs;
  }

  /** By path relative to the root. */
  get digests(): ReadonlyMap<string, string> {
    return this.#digests;
  }

  /** Adds the file at a path, or the symlink on the way to it and what it leads to. */
  async add(path: string): Promise<void> {
    if (this.#seen.has(path) || isOutOfBounds(path)) return;
    this.#seen.add(path);
    const link = this.#linkOn(path);
    if (link === undefined) await this.#addFile(path);
    else await this.#addLink(link, path);
    await this.#giveWay(fileCostBytes);
  }

  async #addLink(link: string, path: string): Promise<void> {
    this.#digests.set(link, `link:${this.#fs.readlink(join(this.#root, link))}`);
    const target = this.#realPath(path);
    if (target === undefined || isOutOfBounds(target) || this.#seen.has(target)) return;
    this.#seen.add(target);
    await this.#addFile(target);
  }

  async #addFile(path: string): Promise<void> {
    const digest = await this.#digest(join(this.#root, path));
    if (digest !== undefined) this.#digests.set(path, digest);
  }

  async #digest(path: string): Promise<string | undefined> {
    try {
      const stats = this.#fs.lstat(path);
      if (stats.isDirectory()) return undefined;
      // Opening a pipe could wait for ever.
      return stats.isFile() ? await this.#digestContent(path) : 'special';
    } catch (error) {
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : `unreadable:${code}`;
    }
  }

  async #digestContent(path: string): Promise<string> {
    const content = createSha256();
    const fd = this.#fs.open(path, 'r');
    try {
      for (;;) {
        const count = this.#fs.read(fd, this.#view, null);
        if (count === 0) return `sha256:${content.digest('hex')}`;
        content.update(this.#view.subarray(0, count));
        await this.#giveWay(count);
      }
    } finally {
      this.#fs.close(fd);
    }
  }

  /** The first symlink on the way to a path, the path itself included. */
  #linkOn(path: string): string | undefined {
    if (path === '.') return undefined;
    if (this.#links.has(path)) return this.#links.get(path);
    const link = this.#linkOn(dirname(path)) ?? (this.#isLink(path) ? path : undefined);
    this.#links.set(path, link);
    return link;
  }

  #isLink(path: string): boolean {
    try {
      return this.#fs.lstat(join(this.#root, path)).isSymbolicLink();
    } catch {
      return false;
    }
  }

  #realPath(path: string): string | undefined {
    try {
      this.#realRoot ??= this.#fs.realpath(this.#root);
      const real = this.#fs.realpath(join(this.#root, path));
      return relative(this.#realRoot, real).split(sep).join('/');
    } catch {
      return undefined;
    }
  }

  async #giveWay(bytes: number): Promise<void> {
    this.#work += bytes;
    if (this.#work < turnBytes) return;
    this.#work = 0;
    await setImmediate();
  }
}

/** What nothing is protected in: other places, what git keeps, and what is installed. */
function isOutOfBounds(path: string): boolean {
  const segments = path.split('/');
  return (
    path === '' ||
    path.startsWith('/') ||
    segments.some((segment) => ['..', '.git', 'node_modules'].includes(segment))
  );
}
