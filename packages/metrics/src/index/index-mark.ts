/** What a checkpoint says of the run index that belongs to it. */
export interface IndexMark {
  /** Which file it is. */
  readonly generation: number;
  /** Sixteen hexadecimal digits that the file has as well, drawn when it was made. */
  readonly id: string;
  /** Slots in the file, a power of two. */
  readonly capacity: number;
  /** Slots in use, not counting what was added after the checkpoint. */
  readonly used: number;
  /** Sixteen hexadecimal digits over the slots in use, whatever their order. */
  readonly digest: string;
  /** The number of commits into this file; the file runs ahead of it while a commit is under way. */
  readonly sequence: number;
  /** The boot of the machine in which the file was last known to be whole. */
  readonly boot: string;
  readonly inode: number;
}

/** Why a run index cannot be used. */
export type IndexProblem = 'altered' | 'exhausted' | 'missing' | 'other-file' | 'truncated';

/** Says that the index is of no use: it is to be built anew from the history. */
export class RunIndexUnusable extends Error {
  override readonly name = 'RunIndexUnusable';
  readonly problem: IndexProblem;
  readonly path: string;

  constructor(problem: IndexProblem, path: string, options: ErrorOptions = {}) {
    super(`Cannot use the run index "${path}": ${TEXT[problem]}`, options);
    this.problem = problem;
    this.path = path;
  }
}

const TEXT: Readonly<Record<IndexProblem, string>> = {
  altered: 'its slots are not those that were committed',
  exhausted: 'it has no free slot',
  missing: 'there is no such file',
  'other-file': 'it is not the file of this checkpoint',
  truncated: 'it does not have its size',
};
