import { statSync } from 'node:fs';

import type { Clock } from '@codex-orchestrator/core';
import { readManifest } from '@codex-orchestrator/manifest';
import type { FoundRun } from '@codex-orchestrator/manifest';

import { viewRun } from '../run-view.js';
import type { RunView } from '../run-view.js';

/** How often the owner is asked for: that reads a handful of files of the system. */
const askEveryMs = 1000;

/** One run, looked at again and again. A look at a run that did not change reads nothing of it. */
export class WatchedRun {
  readonly #clock: Clock;
  #run: FoundRun;
  #seen = '';
  #latest: { readonly view: RunView; readonly atMs: number } | undefined;

  constructor(run: FoundRun, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  /** How the run stands now; that its owner is gone may show a second later. */
  async look(): Promise<RunView> {
    const isChanged = await this.#refresh();
    const nowMs = this.#clock.monotonicMs();
    const latest = this.#latest;
    if (!isChanged && latest !== undefined && nowMs - latest.atMs < askEveryMs) return latest.view;
    const view = await this.#view();
    this.#latest = { view, atMs: nowMs };
    return view;
  }

  async #view(): Promise<RunView> {
    const view = await viewRun(this.#run, this.#clock);
    if (view.status !== 'interrupted' || !(await this.#refresh())) return view;
    // Its owner sealed the record and ended between our reading of it and our asking for him.
    return viewRun(this.#run, this.#clock);
  }

  /** Returns whether the manifest is another one than before. */
  async #refresh(): Promise<boolean> {
    const { layout } = this.#run;
    const mark = markOf(layout.manifestPath);
    if (mark === this.#seen) return false;
    this.#run = { layout, ...(await readManifest(layout.manifestPath)) };
    this.#seen = mark;
    return true;
  }
}

/** Tells one content of a file from the next: a snapshot is a new file under the old name. */
function markOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'missing' : [stat.ino, stat.size, stat.mtimeNs].join(' ');
}
