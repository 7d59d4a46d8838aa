import { agentLoopVariables } from './agent-loop-variables.js';
import { read, reserved } from './environment-variable.js';
import type { EnvironmentVariable } from './environment-variable.js';
import { gateVariables } from './gate-variables.js';

/**
 * Every environment variable that the product reads or keeps a name for; the documentation is made
 * from this list. The `CODEX_ORCHESTRATOR_*` variables that a stage is given are not in it: those are
 * written, not read.
 */
export const environmentVariables: readonly EnvironmentVariable[] = [
  ...read('path', [
    [
      'CODEX_ORCHESTRATOR_ROOT',
      'found upwards',
      'Root of the repository, relative to the folder of the call',
    ],
    ['CODEX_ORCHESTRATOR_RUNS_DIR', '`.runs`', 'Folder of the run records, relative to the root'],
    [
      'CODEX_ORCHESTRATOR_OUT_DIR',
      '`out`',
      'Folder of what runs produce for others, relative to the root',
    ],
    [
      'CODEX_ORCHESTRATOR_REPO_CONFIG_PATH',
      '`codex.orchestrator.json`',
      'Configuration file, relative to the root',
    ],
    [
      'GITHUB_STEP_SUMMARY',
      '',
      'Set by GitHub Actions; runs append their summary to this file when `GITHUB_ACTIONS` is on',
    ],
  ]),
  ...read('string', [
    [
      'MCP_RUNNER_TASK_ID',
      'from the name of the root folder',
      'Task that a run belongs to; `--task` wins over it',
    ],
    ['CODEX_ORCHESTRATOR_TARGET_STAGE', '', 'Stage that a plan aims at when no flag names one'],
    [
      'CODEX_PRIVACY_GUARD_MODE',
      '`enforce`',
      '`enforce` takes secrets out of all that is recorded and shown, `shadow` only counts them',
    ],
    [
      'CODEX_PRIVACY_GUARD_ENFORCE',
      '',
      'A word for no means `shadow`; `CODEX_PRIVACY_GUARD_MODE` wins over it',
    ],
    ['TFGRPO_GROUP_ID', '', 'Comparison group of a run'],
    [
      'CODEX_ORCHESTRATOR_TAGS',
      '',
      'Names to find a run by later, separated by commas, at most 16; `--tag` adds to them',
    ],
  ]),
  ...read('integer', [
    ['CODEX_ORCHESTRATOR_STAGE_TIMEOUT_MS', '', 'Time limit of a stage that sets none itself'],
    ['CODEX_METRICS_PRIVACY_EVENTS_MAX', '-1', 'Privacy events kept in an entry; negative: all'],
    [
      'CODEX_METRICS_PENDING_BATCH_MAX_LINES',
      '500',
      'Entries of `metrics.pending` taken over at once; 0 and less: no limit',
    ],
    [
      'CODEX_METRICS_PENDING_BATCH_MAX_BYTES',
      '1048576',
      'Bytes of `metrics.pending` taken over at once; 0 and less: no limit',
    ],
    [
      'CODEX_METRICS_MAX_BYTES',
      '',
      'Size from which `metrics.json` is rotated away; unset: it grows',
    ],
    [
      'CODEX_METRICS_MAX_LINES',
      '',
      'Number of lines from which `metrics.json` is rotated away; unset: it grows',
    ],
    [
      'TFGRPO_EPOCH',
      '',
      'Epoch that a run is counted in, from 1; anything else is left out with a warning',
    ],
    [
      'TFGRPO_GROUP_SIZE',
      '',
      'Runs of one comparison group, from 1; anything else is left out with a warning',
    ],
    [
      'CODEX_EXPERIENCE_FETCH_MAX_LINES',
      '',
      'Lines that a look-up of experiences without a usable index reads, from 1; unset: all',
    ],
    [
      'CODEX_EXPERIENCE_FETCH_MAX_BYTES',
      '',
      'Bytes that a look-up of experiences without a usable index reads, from 1; unset: all',
    ],
    ['TFGRPO_EXPERIENCE_MAX_WORDS', '32', 'Longest experience, in words: 1 to 32'],
  ]),
  ...read('number', [
    ['TFGRPO_EXPERIENCE_MIN_REWARD', '0.1', 'Least reward of an experience that is offered again'],
  ]),
  ...read('boolean', [
    ['CODEX_NON_INTERACTIVE', '', 'Never ask, never draw: plain lines only'],
    ['CODEX_NONINTERACTIVE', '', 'The same as `CODEX_NON_INTERACTIVE`, which wins over it'],
    ['CODEX_NO_INTERACTIVE', '', 'The same as `CODEX_NON_INTERACTIVE`, which wins over it'],
    ['CODEX_INTERACTIVE', '', 'The opposite: a word for no means `CODEX_NON_INTERACTIVE`'],
  ]),
  ...read('foreign boolean', [
    [
      'CI',
      '',
      'Set by build services; means `CODEX_NON_INTERACTIVE` where nothing else says otherwise',
    ],
    [
      'GITHUB_ACTIONS',
      '',
      'Set by GitHub Actions; output can issue no workflow commands, runs write annotations and a summary',
    ],
    [
      'AI_AGENT',
      '',
      'A coding agent reads what is printed: `--format agent` where no format is asked for',
    ],
    ['CLAUDECODE', '', 'The same as `AI_AGENT`, set by Claude Code'],
    ['CODEX_SANDBOX', '', 'The same as `AI_AGENT`, set by Codex'],
    ['CODEX_SANDBOX_NETWORK_DISABLED', '', 'The same as `AI_AGENT`, set by Codex'],
    ['CODEX_THREAD_ID', '', 'The same as `AI_AGENT`, set by Codex'],
    ['COPILOT_AGENT', '', 'The same as `AI_AGENT`, set by Copilot in Visual Studio Code'],
    ['COPILOT_CLI', '', 'The same as `AI_AGENT`, set by the Copilot CLI'],
    ['CURSOR_AGENT', '', 'The same as `AI_AGENT`, set by Cursor'],
    ['GEMINI_CLI', '', 'The same as `AI_AGENT`, set by the Gemini CLI'],
    ['OPENCODE', '', 'The same as `AI_AGENT`, set by OpenCode'],
    ['FORCE_COLOR', '', 'Colours even where the output is not a terminal; `NO_COLOR` wins over it'],
  ]),
  ...read('presence', [['NO_COLOR', '', 'No colours']]),
  ...agentLoopVariables(),
  ...gateVariables(),
  ...reserved('integer', [
    [
      'CODEX_ORCHESTRATOR_EXEC_EVENT_MAX_CHUNKS',
      '500',
      'Output chunks kept in the record of a command',
    ],
    ['CODEX_ORCHESTRATOR_TELEMETRY_MAX_EVENTS', '1000', 'Events waiting for a telemetry endpoint'],
    ['TFGRPO_EPOCHS', '', 'Epochs of an experiment'],
    ['TFGRPO_SAMPLE_SIZE', '', 'Samples of an epoch'],
    ['TFGRPO_SEED', '', 'Seed of an experiment'],
  ]),
  ...reserved('boolean', [
    ['CODEX_ORCHESTRATOR_EMIT_COMMAND_STREAMS', 'no', 'Mirror output as events of the journal'],
    ['FEATURE_TFGRPO_GROUP', 'no', 'Compare runs in groups'],
    [
      'CODEX_REVIEW_NON_INTERACTIVE',
      '',
      'No effect: an agent that is installed reviews, whoever sits there',
    ],
    ['FORCE_CODEX_REVIEW', '', 'The same: no effect'],
  ]),
  ...reserved('string', [
    ['CODEX_ORCHESTRATOR_NOTIFY', '', 'Addresses told of the end of a run, separated by commas'],
    ['TFGRPO_TRAIN_TEMP', '', 'Sampling temperature in training'],
    ['TFGRPO_EVAL_TEMP', '', 'Sampling temperature in evaluation'],
    ['TFGRPO_REWARDERS', '', 'Rewarders, separated by commas'],
    ['TFGRPO_SCENARIOS', '', 'Scenarios, separated by commas'],
  ]),
];

/** The table as Markdown, in the order of the list: what is read today, then the reserved names. */
export function renderEnvironmentTable(
  variables: readonly EnvironmentVariable[] = environmentVariables,
): string {
  return [
    ...renderSection('Read today', variables, 'read'),
    '',
    ...renderSection('Reserved, read by nothing yet', variables, 'reserved'),
    '',
  ].join('\n');
}

function renderSection(
  title: string,
  variables: readonly EnvironmentVariable[],
  status: EnvironmentVariable['status'],
): string[] {
  const rows = variables.filter((variable) => variable.status === status).map(renderRow);
  return [
    `## ${title}`,
    '',
    '| variable | kind | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
}

function renderRow({ name, kind, default: defaultText, description }: EnvironmentVariable): string {
  const cells = [`\`${name}\``, kind, defaultText || '-', description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
