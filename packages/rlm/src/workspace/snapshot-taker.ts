import { join } from 'node:path';

import { sha256Hex } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { isThere, readIfThere, removeTree } from './file-tree.js';
import { isObjectId } from './find-repository.js';
import type { Git, GitAnswer } from '@codex-orchestrator/exec';
import type { NoteList } from './note-list.js';
import { readAdded } from './read-added.js';
import { readRecords } from './read-records.js';

export interface SnapshotSettings {
  /** Of the private repository. */
  readonly git: Git;
  readonly indexPath: string;
  /** Top folder of the files. */
  readonly top: string;
  /** Paths relative to the top that are no part of the work. */
  readonly ignoredPaths: readonly string[];
  /** Tree to begin with where the index has to be made anew; null without one. */
  readonly baseTree: string | null;
  readonly fs: FileSystem;
  readonly notes: NoteList;
}

/** What git did not do; undefined where it did. */
type Failure = GitAnswer | undefined;

/** Cancelled, too long, or no git there: a second try would end in the same way. */
const lastingExitCodes = [124, 126, 127, 130];

/**
 * Takes snapshots of files through an index of its own, which knows them from one time to the next: only
 * what changed is read. One process where nothing changed, two where something did.
 *
 * Repositories within the repository are left out. Git would start itself inside them for every look at
 * them, under a configuration that an agent may have written.
 */
export class SnapshotTaker {
  readonly #settings: SnapshotSettings;
  #tree: string | null = null;
  /** Digest of the index as git left it; null while nobody knows. */
  #index: string | null = null;
  #knowsSubmodules = false;
  /** Those that the index began with: they stay what they were. */
  #submodules: readonly string[] = [];
  /** Repositories that appeared since. */
  #nested: readonly string[] = [];

  constructor(settings: SnapshotSettings) {
    this.#settings = settings;
  }

  /** The last snapshot; null before the first one, and after one that could not be taken. */
  get last(): string | null {
    return this.#tree;
  }

  /** Id of a tree with the content as it is now; null, and a note, where git cannot tell. */
  async take(): Promise<string | null> {
    let failure = (await this.#checkIndex()) ?? (await this.#tryOnce());
    if (failure !== undefined && !lastingExitCodes.includes(failure.exitCode)) {
      // The index may be damaged, or know of content that was thrown away: once more without it.
      failure = (await this.#beginAnew()) ?? (await this.#tryOnce());
    }
    this.#index = this.#digestIndex();
    if (failure === undefined) return this.#tree;
    const { fs, indexPath, notes } = this.#settings;
    removeTree(fs, `${indexPath}.lock`);
    this.#tree = null;
    notes.add(`What changed could not be told, at least once: ${failure.complaint}.`);
    return null;
  }

  /** Makes the files be those of a tree, and the index with them. */
  async checkOut(tree: string, timeoutMs: number): Promise<Failure> {
    this.#tree = null;
    const answer = await this.#settings.git(['read-tree', '--reset', '-u', tree], { timeoutMs });
    this.#index = this.#digestIndex();
    return failureOf(answer);
  }

  /** An index that somebody else has written into may say of what changed that it did not. */
  async #checkIndex(): Promise<Failure> {
    if (this.#index === null || this.#index === this.#digestIndex()) return undefined;
    return this.#beginAnew();
  }

  #digestIndex(): string {
    const { fs, indexPath } = this.#settings;
    return sha256Hex(readIfThere(fs, indexPath) ?? '');
  }

  async #tryOnce(): Promise<Failure> {
    return (await this.#findSubmodules()) ?? (await this.#add()) ?? (await this.#write());
  }

  async #findSubmodules(): Promise<Failure> {
    if (this.#knowsSubmodules) return undefined;
    const { failure, links } = await this.#listLinks();
    if (failure !== undefined) return failure;
    this.#submodules = links;
    this.#knowsSubmodules = true;
    if (links.length > 0) {
      const names = links.slice(0, 5).join(', ');
      this.#settings.notes.add(`What changes in submodules is in no snapshot: ${names}.`);
    }
    return undefined;
  }

  async #add(): Promise<Failure> {
    const { git, notes } = this.#settings;
    const added = readAdded();
    const argv = ['add', '-A', '-v', '--ignore-errors', '--', '.', ...this.#excluded()];
    const answer = await git(argv, { onOutput: added.push });
    // Without output nothing changed: the tree is that of the last time.
    if (added.hasOutput()) this.#tree = null;
    // With 1 all but what cannot be read is in the index. It is also 1, without an error, where what is
    // left out is ignored anyway.
    if (answer.exitCode > 1) return answer;
    if (answer.exitCode === 1 && answer.hasWords) {
      notes.add(`Something is in no snapshot, because it cannot be read: ${answer.complaint}.`);
    }
    return added.hasFolder() ? this.#leaveOutNested() : undefined;
  }

  async #write(): Promise<Failure> {
    if (this.#tree !== null) return undefined;
    const answer = await this.#settings.git(['write-tree']);
    const tree = answer.output.trim();
    if (answer.exitCode !== 0 || !isObjectId(tree)) return answer;
    this.#tree = tree;
    return undefined;
  }

  async #beginAnew(): Promise<Failure> {
    const { git, indexPath, baseTree, fs } = this.#settings;
    this.#knowsSubmodules = false;
    this.#tree = null;
    for (const path of [indexPath, `${indexPath}.lock`]) removeTree(fs, path);
    return baseTree === null ? undefined : failureOf(await git(['read-tree', baseTree]));
  }

  /** Takes them out of the index before git looks at it a second time. */
  async #leaveOutNested(): Promise<Failure> {
    const { git, notes, top } = this.#settings;
    const { failure, links } = await this.#listLinks();
    if (failure !== undefined) return failure;
    const found = links.filter((path) => !this.#submodules.includes(path));
    if (found.length === 0) return undefined;
    for (const path of found) {
      notes.add(`'${path}' is a repository of its own: what is in it is in no snapshot.`);
    }
    this.#nested = [...this.#nested, ...found];
    return failureOf(await git(['-C', top, 'update-index', '--force-remove', '--', ...found]));
  }

  /** Paths of all entries that stand for a commit of another repository. */
  async #listLinks(): Promise<{ readonly failure: Failure; readonly links: readonly string[] }> {
    const links: string[] = [];
    const records = readRecords((record) => {
      if (record.startsWith('160000 ')) links.push(record.slice(record.indexOf('\t') + 1));
    });
    const argv = ['ls-files', '--stage', '--full-name', '-z', '--', ':/'];
    const answer = await this.#settings.git(argv, { onOutput: records.push });
    return { failure: failureOf(answer), links };
  }

  #excluded(): readonly string[] {
    const { fs, top, ignoredPaths } = this.#settings;
    this.#nested = this.#nested.filter((path) => isThere(fs, join(top, path, '.git')));
    const paths = [...ignoredPaths, ...this.#submodules, ...this.#nested];
    return paths.map((path) => `:(top,exclude,literal)${path}`);
  }
}

function failureOf(answer: GitAnswer): Failure {
  return answer.exitCode === 0 ? undefined : answer;
}
