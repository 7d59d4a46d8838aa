/** What the page of a run shows of an agent loop; every text is taken as it comes. */
export interface LoopView {
  /** Of its stage. */
  readonly id: string;
  /** Of its stage. */
  readonly title: string;
  /** Why it ended, such as `passed` or `max_iterations`; the status of its stage where it has no end. */
  readonly verdict: string;
  /** One sentence: what led to the verdict. */
  readonly reason: string | null;
  readonly agent: string | null;
  readonly goal: string | null;
  /** `single` or `triad`. */
  readonly roles: string | null;
  /** `none` or `worktree`. */
  readonly isolation: string | null;
  /** The branch that has the result. */
  readonly branch: string | null;
  /** Number of the iteration that came closest to the goal. */
  readonly best: number | null;
  readonly used: LoopAmounts;
  /** Null where there is no limit, or none is known. */
  readonly limits: { readonly [Name in keyof LoopAmounts]: number | null };
  readonly toolCalls: number;
  readonly validators: readonly {
    readonly name: string;
    /** As one line. */
    readonly command: string;
  }[];
  /** In the order of time, the oldest first. */
  readonly iterations: readonly IterationView[];
  /** Hotspots that the agent reported. */
  readonly findings: readonly FindingView[];
}

export interface LoopAmounts {
  readonly iterations: number;
  readonly minutes: number;
  readonly tokens: number;
  /** In US dollars. */
  readonly cost: number;
}

export interface IterationView {
  readonly n: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly endedAt: string;
  readonly durationMs: number | null;
  /** Whether every turn of it completed. */
  readonly completed: boolean;
  readonly summary: string | null;
  readonly turns: readonly TurnView[];
  readonly validators: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly exitCode: number | null;
  }[];
  /** Null where nothing is known about changes. */
  readonly changes: {
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  } | null;
  readonly tokens: number;
  /** In US dollars. */
  readonly cost: number;
  /** Protected files that were not as before. */
  readonly tampered: readonly string[];
  /** Processes that were left behind, and were ended. */
  readonly strays: number;
  /** Its logs and patch, relative to the folder of the loop. */
  readonly evidence: readonly string[];
}

export interface TurnView {
  readonly role: string;
  readonly outcome: string;
  /** One sentence where it did not complete. */
  readonly reason: string | null;
  readonly durationMs: number | null;
}

export interface FindingView {
  readonly title: string;
  readonly file: string;
  readonly evidence: number;
  /** Their titles. */
  readonly fixes: readonly string[];
}
