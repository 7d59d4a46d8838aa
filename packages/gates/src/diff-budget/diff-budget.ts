import type { GatePorts } from '../gate/gate-ports.js';
import type { GateFacts, GateOutcome, GateResult } from '../gate/gate-result.js';
import { overrideReason } from '../gate/override-reason.js';
import { describeDiffBudget, largestFiles, linesOf } from './describe-diff-budget.js';
import { diffBudgetOf } from './diff-budget-settings.js';
import type { DiffBudget } from './diff-budget-settings.js';
import { judgeDiffBudget } from './judge-diff-budget.js';
import type { DiffVerdict } from './judge-diff-budget.js';
import { readDiff } from './read-diff.js';
import type { MeasuredDiff } from './read-diff.js';

/**
 * Whether a change is small enough to be reviewed: files, and added and deleted lines together. Counted are
 * the changes since a base, those that nobody committed included, or the changes of one commit. Files that
 * git does not know count as well, and where one cannot be read or is too large the gate fails.
 * `DIFF_BUDGET_OVERRIDE_REASON` lets a change through that is too large.
 */
export async function diffBudget(ports: GatePorts): Promise<GateResult> {
  const budget = diffBudgetOf(ports);
  const diff = await readDiff(ports, budget);
  const verdict = judgeDiffBudget(diff.files, budget);
  const { findings } = verdict;
  const override =
    findings.length === 0 ? null : overrideReason(ports, 'DIFF_BUDGET_OVERRIDE_REASON');
  const outcome = outcomeOf(findings.length > 0, override);
  return {
    gate: 'diff-budget',
    outcome,
    passes: outcome !== 'failed',
    findings,
    lines: describeDiffBudget({ ...diff, verdict, budget, override }),
    facts: factsOf(diff, verdict, budget),
    override,
    warnings: diff.warnings,
    written: [],
  };
}

function outcomeOf(exceeds: boolean, override: string | null): GateOutcome {
  if (!exceeds) return 'passed';
  return override === null ? 'failed' : 'overridden';
}

function factsOf(diff: MeasuredDiff, verdict: DiffVerdict, budget: DiffBudget): GateFacts {
  return {
    ...diff.facts,
    files: verdict.files,
    max_files: budget.maxFiles,
    lines: verdict.lines,
    max_lines: budget.maxLines,
    added: verdict.added,
    deleted: verdict.deleted,
    ignored_files: diff.ignoredFiles,
    largest: largestFiles(diff.files).map((file) => ({ path: file.path, lines: linesOf(file) })),
  };
}
