import type { GateFacts } from '../gate/gate-result.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { Change } from '../repository/change.js';
import { changesSince } from '../repository/changes-since.js';
import { readCommitChanges } from '../repository/commit-changes.js';
import { matchGlobs } from '../repository/match-globs.js';
import { describeBase, resolveBase } from '../repository/resolve-base.js';
import { showPath } from '../repository/show-path.js';
import type { DiffBudget } from './diff-budget-settings.js';
import type { MeasuredFile } from './judge-diff-budget.js';
import { createUntrackedMeter } from './measure-untracked.js';

/** A change, measured. */
export interface MeasuredDiff {
  /** What was measured, such as `base=origin/main`. */
  readonly scope: string;
  /** By path, without those that do not count. */
  readonly files: readonly MeasuredFile[];
  readonly ignoredFiles: number;
  /** Where the change begins and ends. */
  readonly facts: GateFacts;
  readonly warnings: readonly string[];
}

/**
 * Measures what one commit changed, or else all changes since the base, those included that nobody committed.
 *
 * @throws GateError `INVALID_BASE`, `NOT_A_REPOSITORY`, `GIT_FAILED`, `INVALID_OPTION`, `CANCELLED`
 */
export async function readDiff(ports: GatePorts, budget: DiffBudget): Promise<MeasuredDiff> {
  const isIgnored = matchGlobs(budget.ignore);
  const { changes, ...found } = await readChanges(ports);
  // What left a folder that counts was taken out of it.
  const counted = changes.filter(
    ({ path, oldPath }) => !isIgnored(path) || (oldPath !== null && !isIgnored(oldPath)),
  );
  const meter = createUntrackedMeter(ports.fs, ports.root, budget.maxUntrackedBytes);
  const files = counted.map((change) => measureChange(change, meter));
  return { ...found, files, ignoredFiles: changes.length - counted.length };
}

type FoundChanges = Pick<MeasuredDiff, 'facts' | 'scope' | 'warnings'> & {
  readonly changes: readonly Change[];
};

async function readChanges(ports: GatePorts): Promise<FoundChanges> {
  const { options, settings } = ports;
  const commit = options.commit?.trim() ?? '';
  if (commit !== '') {
    const { id, from, changes } = await readCommitChanges(ports, commit);
    const facts = { commit: id, compared_with: from };
    return { scope: `commit=${showPath(commit)}`, changes, facts, warnings: [] };
  }
  const revision = settings['diff-budget']?.base;
  const base = await resolveBase(ports, { name: 'gates.diff-budget.base', revision });
  const changes = await changesSince(ports, base);
  const { warnings } = base;
  return { scope: `base=${showPath(base.name)}`, changes, facts: describeBase(base), warnings };
}

function measureChange(
  change: Change,
  meter: ReturnType<typeof createUntrackedMeter>,
): MeasuredFile {
  const { path, added, deleted, isBinary, isUntracked, isSubmodule } = change;
  const file = { path, added, deleted, isBinary, problem: null };
  if (!isUntracked || isSubmodule) return file;
  const size = meter(path);
  if (size.kind === 'text') return { ...file, added: added + size.lines };
  return size.kind === 'binary' ? { ...file, isBinary: true } : { ...file, problem: size };
}
