import type { GatePorts } from '../gate/gate-ports.js';
import { readFields } from './read-fields.js';

/** Files that no comparison with git's index shows, by the bytes of their paths. */
export interface UnseenFiles {
  /** Neither known nor ignored; a slash at the end stands for a repository of its own. */
  readonly untracked: readonly string[];
  /** Known, but marked as not to be looked at. */
  readonly unwatched: ReadonlyMap<string, UnwatchedFile>;
}

export interface UnwatchedFile {
  /** What git has of it. */
  readonly id: string;
  /** Whether it is none of those that a sparse checkout leaves out. */
  readonly isExpected: boolean;
}

/**
 * Lists what is new, and what `--assume-unchanged` or `--skip-worktree` hides.
 *
 * @throws GateError `GIT_FAILED`, `NOT_A_REPOSITORY`, `CANCELLED`
 */
export async function readUnseenFiles(ports: GatePorts): Promise<UnseenFiles> {
  const untracked: string[] = [];
  const unwatched = new Map<string, UnwatchedFile>();
  await readFields(ports, list, `list the files of '${ports.root}'`, (field) => {
    const tag = field.charAt(0);
    if (tag === '?') untracked.push(field.slice(2));
    else if (/[Sa-z]/.test(tag)) addUnwatched(unwatched, field);
  });
  return { untracked, unwatched };
}

/** Known and unknown files by one process: with a tag each, known ones with mode, id and stage. */
const list = ['ls-files', '-v', '-s', '-c', '-o', '--exclude-standard', '-z'];

function addUnwatched(unwatched: Map<string, UnwatchedFile>, field: string): void {
  const tab = field.indexOf('\t');
  const [, mode, id = ''] = field.slice(0, tab).split(' ');
  const isExpected = field.charAt(0).toUpperCase() !== 'S';
  if (mode !== '160000') unwatched.set(field.slice(tab + 1), { id, isExpected });
}
