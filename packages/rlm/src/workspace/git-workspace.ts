import { RlmError } from '../errors.js';
import type { NoteList } from './note-list.js';
import { notIsolated } from './plain-workspace.js';
import type { ResultBranch } from './result-branch.js';
import type { SnapshotTaker } from './snapshot-taker.js';
import type { TreeComparison } from './tree-comparison.js';
import type { Difference, PatchFile, Workspace } from './workspace.js';

/** The longest that somebody waits for files to be written. */
export const checkoutTimeoutMs = 600_000;

export interface GitWorkspaceParts {
  readonly folder: string;
  readonly notes: NoteList;
  readonly snapshots: SnapshotTaker;
  readonly comparison: TreeComparison;
  /** What the first prompt is held against. */
  readonly startTree: string;
  readonly maxPatchBytes: number;
  /** Only in a worktree of the loop's own. */
  readonly isolated: IsolatedParts | undefined;
}

export interface IsolatedParts {
  readonly result: ResultBranch;
  readonly remove: () => Promise<void>;
}

/** A folder in a git repository. One call at a time is carried out: they share an index. */
export class GitWorkspace implements Workspace {
  readonly kind = 'git';
  readonly folder: string;
  readonly #parts: GitWorkspaceParts;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: GitWorkspaceParts) {
    this.folder = parts.folder;
    this.#parts = parts;
  }

  get branch(): string | null {
    return this.#parts.isolated?.result.name ?? null;
  }

  get notes(): readonly string[] {
    return this.#parts.notes.list();
  }

  snapshot(): Promise<string | null> {
    return this.#next(() => this.#parts.snapshots.take());
  }

  compare(before: string, after: string): Promise<Difference> {
    return this.#next(async () => {
      const { files, insertions, deletions, paths, stat } = await this.#parts.comparison.compare(
        before,
        after,
      );
      return { files, insertions, deletions, paths, stat };
    });
  }

  writePatch(before: string, after: string, path: string): Promise<PatchFile> {
    const { comparison, maxPatchBytes } = this.#parts;
    return this.#next(() => comparison.writePatch({ before, after }, path, maxPatchBytes));
  }

  describe(sinceTree: string | null): Promise<string | null> {
    return this.#next(async () => {
      const { snapshots, comparison, startTree } = this.#parts;
      const tree = snapshots.last ?? (await snapshots.take());
      if (tree === null) return null;
      const { status, stat } = await comparison.compare(sinceTree ?? startTree, tree);
      return status === '' ? 'Nothing has changed.' : `${status}\n\n${stat}`;
    });
  }

  restore(tree: string): Promise<void> {
    if (!this.#parts.isolated) return Promise.reject(notIsolated(this.folder));
    return this.#next(() => this.#restore(tree));
  }

  keep(tree: string, message: string): Promise<string | null> {
    const { isolated } = this.#parts;
    return this.#next(() => isolated?.result.keep(tree, message) ?? Promise.resolve(null));
  }

  close(): Promise<void> {
    const { isolated } = this.#parts;
    return this.#next(() => isolated?.remove() ?? Promise.resolve());
  }

  /**
   * Files first: what is ignored is said by the `.gitignore` of the snapshot. Then what is left that it
   * does not have shows, and is removed the next time.
   */
  async #restore(tree: string): Promise<void> {
    const { snapshots } = this.#parts;
    let complaint = 'what was written is not what it should be';
    for (let tries = 0; tries < 3; tries += 1) {
      const failure = await snapshots.checkOut(tree, checkoutTimeoutMs);
      if ((await snapshots.take()) === tree) return;
      if (failure) complaint = failure.complaint;
    }
    throw new RlmError(
      'RESTORE_FAILED',
      `Cannot restore ${tree} in '${this.folder}': ${complaint}`,
      { path: this.folder },
    );
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
