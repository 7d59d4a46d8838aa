import type { Usage } from '../agent/agent.js';
import type { Verdict } from '../decide/verdict.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import type { ProtectedFiles } from '../validator/protected-files.js';
import type { Iteration } from './iteration.js';
import type { EvidenceFile } from './own-place.js';
import type { WorldPorts } from './ports.js';

/** What a loop began with. */
export interface LoopStart {
  readonly settings: LoopSettings;
  /** Null where nothing is known about changes. */
  readonly startTree: string | null;
  readonly protectedFiles: ProtectedFiles;
}

/** What is recorded of a loop that goes on. */
export interface LoopHistory {
  readonly start: LoopStart;
  readonly iterations: readonly Iteration[];
}

export interface LoopPorts extends WorldPorts {
  /** The repository root, absolute. */
  readonly root: string;
  /** Where the loop leaves its evidence, absolute. */
  readonly loopDir: string;
  /** For private files, absolute; not below the run's folder. */
  readonly scratchDir: string;
  /**
   * For the worktree of an isolated loop, absolute, the same when the loop goes on. Not inside the repository:
   * tools that look for tests in all folders would find it.
   */
  readonly worktreeDir: string;
  /** Name for the branch that gets the result of an isolated loop. */
  readonly branch: string;
  /** Folders relative to the root that are no part of the work, such as that of the runs. */
  readonly ignoredPaths: readonly string[];
  /** What earlier runs taught, one line each. */
  readonly lessons: readonly string[];
  /** @default a loop that begins */
  readonly history?: LoopHistory | undefined;
  /** Told once, before the first turn. What it throws ends the loop. */
  readonly begin: (start: LoopStart) => void;
  /**
   * Told of each iteration and its files, before the next one begins: with what was written into them,
   * whatever an agent has put there since. What it throws ends the loop.
   */
  readonly iterated: (iteration: Iteration, files: readonly EvidenceFile[]) => Promise<void>;
  /** One line for whoever watches. */
  readonly tell: (line: string) => void;
}

/** How a loop ended. */
export interface LoopOutcome {
  readonly verdict: Verdict;
  /** Null for a loop that could not begin. */
  readonly agent: string | null;
  /** All of them, also those of earlier attempts. */
  readonly iterations: readonly Iteration[];
  /** The one with the best result; null where none has one. */
  readonly best: number | null;
  readonly usage: Usage;
  /** Hotspots that were reported. */
  readonly findings: number;
  /** The branch with the result; null where the work was done in place, or there is none. */
  readonly branch: string | null;
  /** What a reader of the record should know, one sentence each. */
  readonly notes: readonly string[];
  /** Files that the loop wrote at its end. */
  readonly files: readonly EvidenceFile[];
}
