import { read } from './environment-variable.js';
import type { EnvironmentVariable } from './environment-variable.js';

/** What gates read of the environment. */
export function gateVariables(): EnvironmentVariable[] {
  return [
    ...read('string', [
      [
        'NOTES',
        '',
        'Goal, summary and risks for the reviewer; without it the review gate comes to no verdict',
      ],
      ['TASK', '', 'Task of the review gate where nothing else names one'],
      [
        'BASE_SHA',
        '',
        'Revision that gates count changes from, after `--base`; one that is not there is an error',
      ],
      ['DIFF_BUDGET_BASE', '', 'The same as `BASE_SHA`, which wins over it'],
      [
        'DIFF_BUDGET_OVERRIDE_REASON',
        '',
        'Why a change is let through that is over its budget; the record keeps it',
      ],
      [
        'DELEGATION_GUARD_OVERRIDE_REASON',
        '',
        'Why a task needs no runs of subagents this time; the record keeps it',
      ],
    ]),
    ...read('path', [
      [
        'MANIFEST',
        'newest run of the task',
        'Manifest that is the evidence for the review gate, after `--manifest`',
      ],
      [
        'CODEX_ORCHESTRATOR_MANIFEST_PATH',
        '',
        'The same as `MANIFEST`, which wins over it; stages are given that of their run',
      ],
    ]),
    ...read('integer', [
      ['DIFF_BUDGET_MAX_FILES', '25', 'Changed files that the diff budget allows'],
      ['DIFF_BUDGET_MAX_LINES', '800', 'Changed lines that the diff budget allows'],
    ]),
    ...read('boolean', [
      [
        'DIFF_BUDGET_STAGE',
        '',
        'The diff budget is a stage of its own: the review gate leaves it out',
      ],
      ['SKIP_DIFF_BUDGET', '', 'The review gate leaves the diff budget out'],
    ]),
  ];
}
