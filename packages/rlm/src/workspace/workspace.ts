/** The folder that the agent works in, and what is known of its content. */
export interface Workspace {
  /** Where agents and validators run, absolute. */
  readonly folder: string;
  /** `plain`: no git repository, or one without git; nothing is known about changes then. */
  readonly kind: 'git' | 'plain';
  /** The branch that will have the result; null where the work is done in the repository itself. */
  readonly branch: string | null;
  /** What a reader has to know, such as that uncommitted changes are not in the worktree. */
  readonly notes: readonly string[];
  /**
   * The content as it is now: id of a git tree with tracked and untracked files, ignored ones left
   * out. It does not touch the index of the repository. Null for `plain`.
   */
  snapshot(): Promise<string | null>;
  /** What lies between two snapshots. */
  compare(before: string, after: string): Promise<Difference>;
  /** Writes the patch from one snapshot to another; returns what was written. */
  writePatch(before: string, after: string, path: string): Promise<PatchFile>;
  /** Short status and stat for a prompt, each at most 2000 characters; null for `plain`. */
  describe(sinceTree: string | null): Promise<string | null>;
  /** Makes the folder be what a snapshot says. Only where `branch` is given; throws else. */
  restore(tree: string): Promise<void>;
  /** Puts the content of a snapshot on the branch as one commit; returns its id, null without a branch. */
  keep(tree: string, message: string): Promise<string | null>;
  /** Removes a worktree that was made for this; the branch stays. */
  close(): Promise<void>;
}

export interface Difference {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  /** Paths with `/`, at most 200. */
  readonly paths: readonly string[];
  /** As `git diff --stat` shows it, at most 2000 characters. */
  readonly stat: string;
}

export interface PatchFile {
  readonly bytes: number;
  readonly sha256: string;
  /** Whether the limit cut it; a patch that was cut cannot be applied. */
  readonly truncated: boolean;
  /** Whether secrets were taken out; such a patch need not apply either. */
  readonly redacted: boolean;
}
