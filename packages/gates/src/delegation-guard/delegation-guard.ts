import { checkIdentifier } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GateFacts, GateResult } from '../gate/gate-result.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { overrideReason } from '../gate/override-reason.js';
import { shownPath } from '../tasks/recorded-runs.js';
import { defaultTaskIndexPath, readTaskIndex } from '../tasks/task-index.js';
import type { TaskIndex } from '../tasks/task-index.js';
import { keyFor } from '../tasks/task-key.js';
import { delegationLines } from './delegation-lines.js';
import { findSubagentRuns } from './find-subagent-runs.js';
import { judgeDelegation } from './judge-delegation.js';
import type { Delegation, DelegationPlaces } from './judge-delegation.js';

/** Holds the reason why a task is worked on without subagents. */
const overrideVariable = 'DELEGATION_GUARD_OVERRIDE_REASON';

/**
 * Whether the task that somebody works on is registered, and was worked on by subagents: a task of the index
 * needs runs in `.runs/<task>-*` whose records can be believed and that succeeded. A run for `<task>-<more>`
 * is a subagent's own and needs none.
 *
 * DELEGATION_GUARD_OVERRIDE_REASON lets through whatever is found, an index that cannot be used too. A
 * repository without an index is not judged, unless there are settings for this gate.
 *
 * @throws GateError `INVALID_FILE` for an index or a folder of runs that cannot be read; `INVALID_OPTION`
 * for a number of runs that is none.
 */
export async function delegationGuard(ports: GatePorts): Promise<GateResult> {
  const override = overrideReason(ports, overrideVariable);
  const judged = await judge(ports).catch((error: unknown) => {
    if (override === null || !(error instanceof GateError)) throw error;
    return unjudged(error);
  });
  if (override === null || judged.outcome !== 'failed') return judged;
  return {
    ...judged,
    outcome: 'overridden',
    passes: true,
    override,
    lines: [
      'Delegation guard override active.',
      `Reason: ${override}`,
      ...judged.findings.map(({ message }) => ` - ${message}`),
    ],
  };
}

async function judge(ports: GatePorts): Promise<GateResult> {
  const settings = ports.settings['delegation-guard'];
  const indexPath = settings?.index ?? defaultTaskIndexPath;
  const index = readTaskIndex(ports, indexPath);
  if (!index && !settings) return notApplicable(indexPath);
  const minRuns = checkMinRuns(settings?.minRuns ?? 1);
  const delegation = await gather(ports, index, minRuns);
  const places: DelegationPlaces = {
    index: index ? indexPath : null,
    runsDir: shownPath(ports.root, ports.runsDir),
    example: index?.items.at(-1)?.key,
  };
  const missing = index ? [] : [missingIndex(indexPath)];
  const findings = [...missing, ...judgeDelegation(delegation, places)];
  const passes = findings.length === 0;
  return {
    gate: 'delegation-guard',
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings,
    lines: delegationLines(delegation, findings, places),
    facts: factsOf(delegation, indexPath),
    override: null,
    warnings: [...(index?.problems ?? []), ...warningsOf(delegation, passes)],
    written: [],
  };
}

async function gather(
  ports: GatePorts,
  index: TaskIndex | undefined,
  minRuns: number,
): Promise<Delegation> {
  const taskId = ports.taskId?.trim();
  if (taskId === undefined || taskId === '') return { kind: 'no-task' };
  const checked = checkIdentifier(taskId);
  if (!checked.ok) return { kind: 'invalid-task', taskId, reason: checked.error };
  const keys = new Set(index?.items.map(({ key }) => key));
  const key = keyFor(taskId, keys);
  if (key === undefined) return { kind: 'unregistered', taskId };
  if (key !== taskId) return { kind: 'subagent', taskId, parent: key };
  const runs = await findSubagentRuns(ports, { key, keys, minRuns });
  return { kind: 'top-level', taskId, minRuns, runs };
}

function checkMinRuns(minRuns: number): number {
  if (Number.isSafeInteger(minRuns) && minRuns >= 1) return minRuns;
  const message = `Expected the setting \`minRuns\` of delegation-guard to be a positive integer, got ${minRuns}`;
  throw new GateError('INVALID_OPTION', message);
}

function missingIndex(path: string): GateResult['findings'][number] {
  return {
    rule: 'task-index-missing',
    file: path,
    line: null,
    message: `Unable to read ${path} (it is not there)`,
    fix: 'Write it with `codex-orchestrator task new`',
  };
}

function factsOf(delegation: Delegation, index: string): GateFacts {
  const task = { index, kind: delegation.kind };
  switch (delegation.kind) {
    case 'no-task':
      return { ...task, task_id: null };
    case 'subagent':
      return { ...task, task_id: delegation.taskId, parent: delegation.parent };
    case 'top-level': {
      const { taskId, minRuns, runs } = delegation;
      const counts = { min_runs: minRuns, rejected: runs.rejected.length };
      return { ...task, task_id: taskId, ...counts, runs: runs.succeeded };
    }
    case 'invalid-task':
    case 'unregistered':
      return { ...task, task_id: delegation.taskId };
  }
}

/** Runs that count for nothing are findings of a task that lacks runs, and worth a word for another. */
function warningsOf(delegation: Delegation, passes: boolean): string[] {
  if (delegation.kind !== 'top-level') return [];
  const { rejected, isCut } = delegation.runs;
  const words = rejected.map(({ path, reason }) => `${path} does not count: ${reason}.`);
  const cut = 'There are further runs, older ones, that nobody looked at.';
  return [...(passes ? words : []), ...(isCut ? [cut] : [])];
}

function unjudged(error: GateError): GateResult {
  return {
    gate: 'delegation-guard',
    outcome: 'failed',
    passes: false,
    findings: [{ rule: 'not-judged', file: null, line: null, message: error.message, fix: null }],
    lines: [],
    facts: { kind: 'not-judged' },
    override: null,
    warnings: [],
    written: [],
  };
}

function notApplicable(index: string): GateResult {
  return {
    gate: 'delegation-guard',
    outcome: 'not_applicable',
    passes: true,
    findings: [],
    lines: [`Delegation guard: not applicable (there is no ${index}).`],
    facts: { index, kind: 'no-index' },
    override: null,
    warnings: [],
    written: [],
  };
}
