import type { Isolation } from '../settings/loop-settings.js';
import type { Repository } from './find-repository.js';
import type { Git } from '@codex-orchestrator/exec';
import type { NoteList } from './note-list.js';

export const defaultMaxPatchBytes = 4 * 1024 * 1024;

export interface WorkspaceOptions {
  /** Folder of the work, absolute. It may lie within a repository; then only what is below it counts. */
  readonly root: string;
  readonly isolation: Isolation;
  /** Folder for private files of this one loop, absolute. It has to outlive the process, for a resume. */
  readonly scratchDir: string;
  /** Folder for a worktree of this one loop, absolute; of nobody else. */
  readonly worktreeDir: string;
  /** Name for the branch that gets the result of an isolated loop. */
  readonly branch: string;
  /** Most bytes of a patch. @default 4194304 */
  readonly maxPatchBytes?: number;
  /** The content that a resumed loop goes on from. @default the files as they are */
  readonly resumeTree?: string | null;
  /** Paths relative to the root that are no part of the work. */
  readonly ignoredPaths: readonly string[];
}

/** What the two ways of working in a repository have in common. */
export interface RepositoryWork {
  readonly options: WorkspaceOptions;
  readonly repository: Repository;
  /** Starts git in the root. */
  readonly git: Git;
  readonly notes: NoteList;
  /** Of what the root's repository has; relative to its top. */
  readonly ignoredPaths: readonly string[];
}
