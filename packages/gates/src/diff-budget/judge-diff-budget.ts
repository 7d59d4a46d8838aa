import type { Finding } from '../gate/finding.js';
import { showPath } from '../repository/show-path.js';
import type { DiffBudget } from './diff-budget-settings.js';
import type { UntrackedSize } from './measure-untracked.js';

/** One file that counts. */
export interface MeasuredFile {
  readonly path: string;
  readonly added: number;
  readonly deleted: number;
  readonly isBinary: boolean;
  /** Why its lines could not be counted; null where they could. */
  readonly problem: MeasureProblem | null;
}

export type MeasureProblem = Extract<UntrackedSize, { kind: 'too-large' | 'unreadable' }>;

/** What a change comes to beside its budget. */
export interface DiffVerdict {
  readonly files: number;
  readonly added: number;
  readonly deleted: number;
  /** Added and deleted together. */
  readonly lines: number;
  readonly findings: readonly Finding[];
}

/** Holds measured files against a budget. */
export function judgeDiffBudget(files: readonly MeasuredFile[], budget: DiffBudget): DiffVerdict {
  const added = sum(files.map((file) => file.added));
  const deleted = sum(files.map((file) => file.deleted));
  const lines = added + deleted;
  const findings = [
    ...tooMany('files', files.length, budget.maxFiles),
    ...tooMany('lines', lines, budget.maxLines),
    ...files.flatMap(({ path, problem }) => (problem ? [unmeasured(path, problem, budget)] : [])),
  ];
  return { files: files.length, added, deleted, lines, findings };
}

function tooMany(what: 'files' | 'lines', count: number, most: number): readonly Finding[] {
  if (count <= most) return [];
  return [
    {
      rule: `too-many-${what}`,
      file: null,
      line: null,
      message: `The change has ${count} ${what}, ${count - most} more than the ${most} of its budget`,
      fix: 'Split the change, or say in DIFF_BUDGET_OVERRIDE_REASON why it has to be this large',
    },
  ];
}

function unmeasured(
  path: string,
  problem: MeasureProblem,
  { maxUntrackedBytes }: DiffBudget,
): Finding {
  const at = { file: path, line: null };
  if (problem.kind === 'unreadable') {
    const message = `Cannot count the lines of ${showPath(path)}, which git does not know: ${problem.reason}`;
    return {
      rule: 'untracked-unreadable',
      ...at,
      message,
      fix: 'Remove it, or have git ignore it',
    };
  }
  const message = `${showPath(path)}, which git does not know, has ${problem.bytes} bytes, more than the ${maxUntrackedBytes} that are read`;
  const fix = 'Commit it, remove it, or have git ignore it';
  return { rule: 'untracked-too-large', ...at, message, fix };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
