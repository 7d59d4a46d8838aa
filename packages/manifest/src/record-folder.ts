import { dirname, join } from 'node:path';

import { codeOf, resolveInside, syncFolder } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { markActive, removeFolder, unmarkActive } from './active-marker.js';
import type { ActiveMark } from './active-marker.js';
import { ManifestError } from './errors.js';
import { exists } from './exists.js';
import { draftName } from './draft-name.js';
import { createRunFolder } from './run-layout.js';
import type { RunFolder, RunLayout } from './run-layout.js';

/**
 * The folder of a run while it is being made: a hidden sibling that gets its real name by one rename
 * once everything is in it. A crash at any point leaves a whole record, or none that readers see.
 */
export interface RecordFolder {
  /** Where to write before `publish`. */
  readonly draft: RunFolder;
  /**
   * Gives the folder its real name, makes the names durable and returns the fsyncs done.
   *
   * @throws ManifestError `RUN_EXISTS` when the name was taken in the meantime.
   */
  publish(): number;
  /** Removes whatever this object made, published or not. Never throws. */
  discard(): void;
}

interface Ports {
  readonly fs: FileSystem;
  readonly random: RandomSource;
}

/**
 * @throws ManifestError `RUN_EXISTS`; CoreError `PATH_ESCAPES_ROOT` when a symlink leads out of the
 * folder of runs; the errors of the file system. Nothing is left behind then.
 */
export function createRecordFolder(layout: RunLayout, { fs, random }: Ports): RecordFolder {
  expectFolder(layout.root, fs);
  resolveInside(layout.runsDir, layout.runDir, { fs });
  if (exists(layout.runDir, fs)) throw runExists(layout);

  const suffix = Buffer.from(random.bytes(8)).toString('hex');
  const name = draftName(layout.runId, suffix);
  const folder = new HiddenFolder(fs, layout, createRunFolder(join(layout.taskRunsDir, name)));
  folder.make();
  return folder;
}

class HiddenFolder implements RecordFolder {
  readonly draft: RunFolder;
  readonly #fs: FileSystem;
  readonly #layout: RunLayout;
  /** The folders above the run's own that did not exist before, the outermost first. */
  readonly #madeParents: string[] = [];
  #current: RunFolder;
  #mark: ActiveMark = { madeMarker: false, madeFolder: false };

  constructor(fs: FileSystem, layout: RunLayout, draft: RunFolder) {
    this.#fs = fs;
    this.#layout = layout;
    this.draft = draft;
    this.#current = draft;
  }

  make(): void {
    const { runDir, commandsDir, errorsDir } = this.draft;
    try {
      this.#makeParents(dirname(runDir));
      for (const path of [runDir, commandsDir, errorsDir]) this.#fs.mkdir(path);
      // After the draft, so that a marker without draft and record is known to be left behind; before
      // the record has its name, so that none is ever without a marker.
      this.#mark = markActive(this.#layout, this.#fs);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  publish(): number {
    try {
      this.#fs.rename(this.draft.runDir, this.#layout.runDir);
    } catch (error) {
      if (!isTaken(error)) throw error;
      // The marker is now that of the record which was quicker.
      this.#mark = { ...this.#mark, madeMarker: false };
      throw runExists(this.#layout);
    }
    this.#current = this.#layout;
    // A new name is durable once the folder that holds it is synced.
    const holders = [this.#layout.taskRunsDir, ...this.#madeParents.map((path) => dirname(path))];
    return holders.reduce((fsyncs, holder) => fsyncs + syncFolder(this.#fs, holder), 0);
  }

  discard(): void {
    const { manifestPath, journalPath, resumeTokenPath, commandsDir, errorsDir, runDir } =
      this.#current;
    for (const path of [manifestPath, journalPath, resumeTokenPath]) {
      this.#quietly(() => {
        this.#fs.unlink(path);
      });
    }
    if (this.#mark.madeMarker) unmarkActive(this.#layout, this.#fs);
    if (this.#mark.madeFolder) removeFolder(this.#layout.activeDir, this.#fs);
    for (const path of [commandsDir, errorsDir, runDir, ...this.#madeParents.toReversed()]) {
      this.#quietly(() => {
        this.#fs.rmdir(path);
      });
    }
  }

  /** `mkdir -p` that knows what it made; other runs may be making the same folders. */
  #makeParents(path: string): void {
    try {
      this.#makeOne(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      this.#makeParents(dirname(path));
      this.#makeOne(path);
    }
  }

  #makeOne(path: string): void {
    try {
      this.#fs.mkdir(path);
      this.#madeParents.push(path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      expectFolder(path, this.#fs);
    }
  }

  /** The first error counts; a folder that somebody else uses by now refuses to go. */
  #quietly(step: () => void): void {
    try {
      step();
    } catch {
      // What cannot be removed has a name that no reader takes for a run.
    }
  }
}

function expectFolder(path: string, fs: FileSystem): void {
  if (!fs.stat(path).isDirectory()) throw new Error(`"${path}" is not a folder`);
}

function isTaken(error: unknown): boolean {
  return ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

function runExists({ runId, runDir }: RunLayout): ManifestError {
  return new ManifestError('RUN_EXISTS', `The run '${runId}' has a record already: "${runDir}"`, {
    path: runDir,
  });
}
