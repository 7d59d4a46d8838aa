import type { Finding } from '../gate/finding.js';
import { expectedManifests } from './judge-delegation.js';
import type { Delegation, DelegationPlaces } from './judge-delegation.js';

/** What people are told of a task's delegation. */
export function delegationLines(
  delegation: Delegation,
  findings: readonly Finding[],
  places: DelegationPlaces,
): string[] {
  if (findings.length > 0) return issueLines(delegation, findings, places);
  switch (delegation.kind) {
    case 'subagent':
      return [
        `Delegation guard: '${delegation.taskId}' treated as subagent run for '${delegation.parent}'.`,
        'Delegation guard: OK (subagent runs are exempt).',
      ];
    case 'top-level':
      return [
        `Delegation guard: OK (${delegation.runs.succeeded.length} subagent manifest(s) found).`,
      ];
    case 'invalid-task':
    case 'no-task':
    case 'unregistered':
      // None of them is without a finding.
      return [];
  }
}

function issueLines(
  delegation: Delegation,
  findings: readonly Finding[],
  places: DelegationPlaces,
): string[] {
  const example = places.example ?? '<task-id>';
  const taskId = 'taskId' in delegation ? delegation.taskId : undefined;
  const parent = delegation.kind === 'top-level' ? delegation.taskId : example;
  const guidance =
    taskId === undefined
      ? [`export MCP_RUNNER_TASK_ID=${example}`, `or name the task: --task ${example}`]
      : [`Subagents run with MCP_RUNNER_TASK_ID="<task-id>-<stream>", such as ${parent}-guard`];
  const escape = 'Without a way to delegate: set DELEGATION_GUARD_OVERRIDE_REASON to the reason';
  return [
    'Delegation guard: issues detected',
    ...findings.map(({ message }) => ` - ${message}`),
    'Expected subagent manifests:',
    ` - ${expectedManifests(places, taskId ?? example)}`,
    'Fix guidance:',
    ...[...guidance, escape].map((line) => ` - ${line}`),
  ];
}
