import type { Finding } from '../gate/finding.js';
import type { SubagentRuns } from './find-subagent-runs.js';

/** What is known of the task that somebody works on, and of who else worked on it. */
export type Delegation =
  | { readonly kind: 'no-task' }
  | { readonly kind: 'invalid-task'; readonly taskId: string; readonly reason: string }
  | { readonly kind: 'unregistered'; readonly taskId: string }
  | { readonly kind: 'subagent'; readonly taskId: string; readonly parent: string }
  | {
      readonly kind: 'top-level';
      readonly taskId: string;
      readonly minRuns: number;
      readonly runs: SubagentRuns;
    };

/** Where things are looked for. */
export interface DelegationPlaces {
  /** Path of the index; null without one. */
  readonly index: string | null;
  /** As people are shown it. */
  readonly runsDir: string;
  /** A task that could be meant; undefined without any. */
  readonly example: string | undefined;
}

/** What is wrong about how a task was delegated; nothing where it is as it should be. */
export function judgeDelegation(delegation: Delegation, places: DelegationPlaces): Finding[] {
  const { example = '<task-id>' } = places;
  const index = places.index ?? 'tasks/index.json';
  switch (delegation.kind) {
    case 'no-task':
      return [
        finding(
          'task-id-missing',
          `Task id is required for delegation guard (set --task or MCP_RUNNER_TASK_ID; example: export MCP_RUNNER_TASK_ID=${example})`,
          `Set MCP_RUNNER_TASK_ID, for example to ${example}`,
        ),
      ];
    case 'invalid-task':
      return [
        finding(
          'task-id-invalid',
          `Task id ${JSON.stringify(delegation.taskId.slice(0, 80))} cannot name a task: ${delegation.reason}`,
          null,
        ),
      ];
    case 'unregistered':
      return [
        {
          ...finding(
            'task-unregistered',
            `Task id '${delegation.taskId}' is not registered in ${index} (add it or use a parent task prefix)`,
            'Register it with `codex-orchestrator task new`',
          ),
          file: places.index,
        },
      ];
    case 'subagent':
      return [];
    case 'top-level':
      return judgeRuns(delegation, places);
  }
}

/** Where runs of a task's subagents are recorded, as a pattern for people. */
export function expectedManifests({ runsDir }: DelegationPlaces, taskId: string): string {
  return `${runsDir}/${taskId}-*/cli/<run-id>/manifest.json`;
}

/** So many are named; the rest is counted. */
const maxNamed = 20;

function judgeRuns(
  { taskId, minRuns, runs }: Extract<Delegation, { readonly kind: 'top-level' }>,
  places: DelegationPlaces,
): Finding[] {
  if (runs.succeeded.length >= minRuns) return [];
  const pattern = expectedManifests(places, taskId);
  const isNothingThere = runs.succeeded.length === 0 && runs.rejected.length === 0;
  const message = isNothingThere
    ? `No subagent manifests found for '${taskId}'. Expected at least ${numberOf(minRuns)} under ${pattern}`
    : `${runs.succeeded.length} of ${minRuns} subagent run(s) for '${taskId}' verified and succeeded. Expected them under ${pattern}`;
  const fix = `Run a pipeline with --task ${taskId}-<stream>, or set DELEGATION_GUARD_OVERRIDE_REASON`;
  return [
    finding('subagent-runs-missing', message, fix),
    ...runs.rejected.slice(0, maxNamed).map(({ path, rule, reason }) => ({
      ...finding(rule, `${path} does not count: ${reason}`, null),
      file: path,
    })),
  ];
}

function numberOf(count: number): string {
  return count === 1 ? 'one' : String(count);
}

function finding(rule: string, message: string, fix: string | null): Finding {
  return { rule, file: null, line: null, message, fix };
}
