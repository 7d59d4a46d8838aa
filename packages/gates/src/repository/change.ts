/** What became of one file, or of one submodule. */
export interface Change {
  /** Relative to the root, with `/`; where it was before, for a deleted one. */
  readonly path: string;
  /** Where a renamed one was before; else null. */
  readonly oldPath: string | null;
  readonly status: ChangeStatus;
  /** Lines; 0 where they were not counted: of binary files, of submodules and of what git does not know yet. */
  readonly added: number;
  readonly deleted: number;
  readonly isBinary: boolean;
  /** Whether it is text that attributes of the repository call binary, so that git shows none of its lines. */
  readonly isMarkedText: boolean;
  /** Whether it is there without being known to git. Such a file can have taken the place of a deleted one. */
  readonly isUntracked: boolean;
  /** Whether it is a repository of its own. */
  readonly isSubmodule: boolean;
}

export type ChangeStatus =
  | 'added'
  | 'copied'
  | 'deleted'
  | 'modified'
  | 'renamed'
  /** Became a symlink, a file or a submodule. */
  | 'type-changed'
  /** In conflict. */
  | 'unmerged';
