import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';

import { findGuards, guardName } from './guard/find-guards.js';
import { loadGuard } from './guard/load-guard.js';
import { checkTimeGuard } from './time/check-time-guard.js';
import type { LoadedTimeGuard } from './time/check-times.js';
import { copySides } from './time/sides.js';
import type { SideCopies } from './time/sides.js';
import { makeWorkFolder } from './time/work-folder.js';

export interface ProveTimeOptions {
  /** Folder of the workspace, whose build stands for both sides. */
  readonly root: string;
  /** Folder name of the project whose guards are tried. */
  readonly project: string;
  /** How often each guard is tried with each share. */
  readonly runs: number;
  /** Shares of its processor time that the candidate is slowed by; 0 tries for false alarms. */
  readonly shares: readonly number[];
  /** The trials draw theirs from it. */
  readonly seed: number;
  /** Hears of each trial once it is over. */
  readonly onTrial: (trial: Trial) => Promise<void>;
  /** @default the built `time-child.js` of this package */
  readonly childProgram?: string;
}

/** What the gate made of two equal builds, or of one that was slowed on purpose. */
export interface Trial {
  readonly guard: string;
  readonly share: number;
  readonly seed: number;
  readonly verdict: string;
  readonly ratio: number | undefined;
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly smallestVisible: number | undefined;
  /** Processes that it took; more than three where it was measured again. */
  readonly processes: number;
  readonly seconds: number;
  /** One-minute load average at the end. */
  readonly load: number;
}

/**
 * Tries the gate on builds that it is known about what it should say, by the very code that judges changes:
 * the shares in turns, so that what changes about the machine meanwhile meets all of them.
 */
export async function proveTime(options: ProveTimeOptions): Promise<void> {
  const { root, project, runs, shares } = options;
  const work = await makeWorkFolder();
  try {
    const source = { root, project };
    const folder = join(work, 'builds');
    const copies = await copySides({ base: source, candidate: source, folder });
    const guards = await timeGuards(root, project);
    for (let run = 0; run < runs; run += 1) {
      for (const loaded of guards) {
        for (const share of shares) {
          const seed = options.seed + run;
          await options.onTrial(await tryOnce(options, loaded, { share, seed, copies, work }));
        }
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function timeGuards(root: string, project: string): Promise<readonly LoadedTimeGuard[]> {
  const guards: LoadedTimeGuard[] = [];
  for (const guardFile of await findGuards(join(root, 'packages', project))) {
    const guard = await loadGuard(guardFile);
    if (guard.kind === 'time') guards.push({ guardFile, guard });
  }
  return guards;
}

interface Trying {
  readonly share: number;
  readonly seed: number;
  readonly copies: SideCopies;
  readonly work: string;
}

async function tryOnce(
  { root, project, childProgram }: ProveTimeOptions,
  { guardFile, guard }: LoadedTimeGuard,
  { share, seed, copies, work }: Trying,
): Promise<Trial> {
  const startedMs = performance.now();
  const name = `${project}/${guardName(guardFile)}`;
  const folder = join(work, 'trial');
  const { result } = await checkTimeGuard({
    ...{ guard: name, guardFile, promised: guard, copies, seed, hasBase: true },
    withControls: false,
    candidateShare: share,
    dataFolder: join(root, 'node_modules', '.cache', 'bench-data'),
    work: folder,
    ...(childProgram === undefined ? {} : { childProgram }),
  });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const ratio = result.measures.find((measure) => measure.name === 'ratio');
  return {
    ...{ guard: name, share, seed, verdict: result.verdict },
    ...{ ratio: ratio?.value, lower: ratio?.lower, upper: ratio?.upper },
    smallestVisible: result.smallestVisible,
    processes: new Set(result.samples?.map(({ process }) => process)).size,
    seconds: (performance.now() - startedMs) / 1000,
    load: loadavg()[0] ?? 0,
  };
}
