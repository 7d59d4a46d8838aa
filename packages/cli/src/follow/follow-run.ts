import { isFinalStatus } from '@codex-orchestrator/manifest';

import type { RunView } from '../run-view.js';
import type { JournalFollower, JournalLine } from './journal-follower.js';
import type { Pace } from './pace.js';
import type { WatchedRun } from './watched-run.js';

/** Whoever is told of a run. */
export interface RunListener {
  onLine(line: JournalLine): void;
  /** Called between two looks at the journal; returns whether there is more to do at once. */
  update(): boolean;
  /** Whether nothing more is wanted, though the run goes on. */
  readonly isSatisfied: boolean;
}

export interface FollowedRun {
  readonly run: WatchedRun;
  readonly journal: JournalFollower;
  readonly pace: Pace;
}

/**
 * Tells of everything that a run has recorded and goes on recording. Resolves with how it stands when
 * it is over or nothing more is wanted; undefined when a signal came first.
 */
export async function followRun(
  { run, journal, pace }: FollowedRun,
  listener: RunListener,
): Promise<RunView | undefined> {
  const readJournal = (): Promise<boolean> =>
    journal.read((line) => {
      listener.onLine(line);
    });
  for (;;) {
    const hasRead = await readJournal();
    const hasMore = listener.update();
    if (hasRead || hasMore) pace.quicken();
    else {
      const view = await run.look();
      if (listener.isSatisfied) return view;
      if (isFinalStatus(view.status)) {
        // What was written between the last look at the journal and the end.
        await readJournal();
        while (listener.update());
        return view;
      }
    }
    if (!(await pace.rest(hasMore ? 0 : Infinity))) return undefined;
  }
}
