import type { Turn } from '../agent/turn.js';
import type { Judgement } from '../validator/validator.js';
import type { Difference } from '../workspace/workspace.js';

/**
 * One iteration as it ended. The first six members are as other readers of `state.json` know them.
 * Paths other than those are relative to the loop's folder.
 */
export interface Iteration {
  /** From 1. */
  readonly n: number;
  readonly startedAt: string;
  readonly summary: string | null;
  /** Of the first validator that did not pass, else 0; null where none judged. */
  readonly validatorExitCode: number | null;
  /** Relative to the repository root. */
  readonly validatorLogPath: string | null;
  readonly diffSummary: string | null;
  readonly completedAt: string;
  readonly durationMs: number;
  /** Whether every turn of it completed: only then can it pass. */
  readonly completed: boolean;
  readonly turns: readonly Turn[];
  readonly validators: readonly Judgement[];
  /** Snapshots before and after; null where nothing is known about changes. */
  readonly treeBefore: string | null;
  readonly treeAfter: string | null;
  /** Null where nothing is known about changes. */
  readonly diff:
    | (Difference & { readonly patchPath: string | null; readonly patchSha256: string | null })
    | null;
  /** Protected files that were not as before the loop, relative to the root. */
  readonly tampered: readonly string[];
  /** Hotspots that it reported. */
  readonly findings: number;
  /** Processes that its turns had left behind, outside of their process groups, and that were ended. */
  readonly strays: number;
}
