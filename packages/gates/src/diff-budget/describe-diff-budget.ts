import { showPath } from '../repository/show-path.js';
import type { DiffBudget } from './diff-budget-settings.js';
import type { DiffVerdict, MeasuredFile } from './judge-diff-budget.js';

export interface DescribedDiff {
  /** What was measured, such as `base=origin/main`. */
  readonly scope: string;
  readonly files: readonly MeasuredFile[];
  readonly verdict: DiffVerdict;
  readonly budget: DiffBudget;
  /** Reason to let it through; null without one. */
  readonly override: string | null;
}

const mostListed = 10;

/** What people are told about a change and its budget, line by line. */
export function describeDiffBudget(diff: DescribedDiff): readonly string[] {
  const { scope, verdict, budget, override } = diff;
  const { files, lines, added, deleted, findings } = verdict;
  const totals = `files=${files}/${budget.maxFiles}, lines=${lines}/${budget.maxLines}, +${added}/-${deleted}`;
  if (findings.length === 0) return [`✅ Diff budget: OK (${scope}, ${totals})`];
  const failed = '❌ Diff budget exceeded';
  const title = override === null ? failed : '⚠️ Diff budget exceeded (override applied)';
  return [
    `${title} (${scope})`,
    ...describeExcess(diff),
    ...listTop(diff.files),
    ...listUnmeasured(diff.files),
    override === null
      ? 'To go on, split the change, or say why it has to be this large: DIFF_BUDGET_OVERRIDE_REASON="..."'
      : `Override accepted via DIFF_BUDGET_OVERRIDE_REASON: ${override}`,
  ];
}

/** The largest files first, those of the same size by path. */
export function largestFiles(files: readonly MeasuredFile[]): readonly MeasuredFile[] {
  return files.toSorted((one, other) => linesOf(other) - linesOf(one)).slice(0, mostListed);
}

export function linesOf({ added, deleted }: MeasuredFile): number {
  return added + deleted;
}

function describeExcess({ files, verdict, budget }: DescribedDiff): readonly string[] {
  const excess = [];
  if (verdict.files > budget.maxFiles) {
    excess.push(` - changed files ${verdict.files} > ${budget.maxFiles}`);
  }
  if (verdict.lines > budget.maxLines) {
    excess.push(` - total lines changed ${verdict.lines} > ${budget.maxLines}`);
  }
  const unmeasured = files.filter(({ problem }) => problem !== null).length;
  if (unmeasured > 0) excess.push(` - untracked files could not be measured: ${unmeasured}`);
  return excess;
}

function listTop(files: readonly MeasuredFile[]): readonly string[] {
  const top = largestFiles(files).map((file) => {
    const isUnknown = file.isBinary || file.problem !== null;
    return `  - ${showPath(file.path)}: ${linesOf(file)}${isUnknown ? ' (binary/unknown)' : ''}`;
  });
  return ['Top changed files:', ...top];
}

function listUnmeasured(files: readonly MeasuredFile[]): readonly string[] {
  const unmeasured = files.flatMap(({ path, problem }) => (problem ? [{ path, problem }] : []));
  if (unmeasured.length === 0) return [];
  const more = unmeasured.length - mostListed;
  return [
    'Untracked measurement issues:',
    ...unmeasured.slice(0, mostListed).map(({ path, problem }) => {
      const what =
        problem.kind === 'too-large'
          ? `too large to measure (${problem.bytes} bytes)`
          : 'unreadable';
      return `  - ${showPath(path)}: ${what}`;
    }),
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ];
}
