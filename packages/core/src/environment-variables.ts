/** One environment variable of the product. */
export interface EnvironmentVariable {
  readonly name: string;
  /**
   * `boolean`: a word for yes or no, anything else is an error. `foreign boolean`: on with any text but
   * a word for no. `presence`: on with any text at all.
   */
  readonly kind:
    'string' | 'path' | 'integer' | 'number' | 'boolean' | 'foreign boolean' | 'presence';
  /** In words of the documentation; empty when unset means unset. */
  readonly default: string;
  readonly description: string;
  /**
   * `read`: something reads it today. `reserved`: the name has this meaning in the formats that this
   * product continues, nothing reads it yet, and nothing else will ever be called so.
   */
  readonly status: 'read' | 'reserved';
}

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

function gateVariables(): EnvironmentVariable[] {
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

/** Those of numbers are strings here: the agent loop reads them with words for "no limit" among them. */
function agentLoopVariables(): EnvironmentVariable[] {
  return [
    ...read('string', [
      ['RLM_GOAL', '', 'Goal of an agent loop'],
      [
        'RLM_VALIDATOR',
        '`auto`',
        'Command that judges each iteration; `auto` finds one, with `none` nobody judges',
      ],
      [
        'RLM_AGENT',
        'the first that is installed',
        '`codex`, `claude`, `gemini`, `qwen`, `opencode` or `command`',
      ],
      [
        'RLM_AGENT_COMMAND',
        '',
        'Line for the shell that calls an agent, which is then `command`; `{prompt_file}` stands for the path of the prompt',
      ],
      ['RLM_AGENT_ARGS', '', 'Further arguments of the agent: a JSON list, or words'],
      ['RLM_ROLES', '`single`', '`single`, or `triad` for a planner, a worker and a critic'],
      ['RLM_ISOLATION', '`none`', '`none`, or `worktree` to work in a git worktree'],
      [
        'RLM_ON_TAMPER',
        '`report`; `refuse` where the configuration names protected files',
        '`report` or `refuse` a change to a protected file',
      ],
      [
        'RLM_MAX_ITERATIONS',
        '88',
        'Iterations of an agent loop; 0, `unlimited`, `unbounded`, `infinite`, `infinity`: no limit',
      ],
      ['RLM_MAX_MINUTES', '2880', 'Minutes of an agent loop; 0: no limit'],
      ['RLM_TURN_TIMEOUT_MS', '3600000', 'Longest turn of an agent; 0: no limit'],
      [
        'RLM_SILENCE_TIMEOUT_MS',
        '600000',
        'Longest time of a turn without a sign of progress; 0: no limit',
      ],
      ['RLM_VALIDATOR_TIMEOUT_MS', '1800000', 'Longest time of one validator'],
      ['RLM_MAX_COST_USD', '', 'Most that an agent loop may cost, by the account of its agent'],
      ['RLM_MAX_TOKENS', '', 'Most tokens of an agent loop, input and output together'],
      ['RLM_MAX_ERRORS', '3', 'Turns in a row that may fail'],
      ['RLM_STALL_AFTER', '3', 'Iterations in the same place after which a loop counts as stalled'],
    ]),
    ...read('boolean', [
      ['RLM_SUBAGENTS', 'no', 'The agent of the loop may use subagents'],
      ['CODEX_SUBAGENTS', 'no', 'The same as `RLM_SUBAGENTS`'],
    ]),
  ];
}

type Kind = EnvironmentVariable['kind'];
type Row = readonly [name: string, defaultText: string, description: string];

function read(kind: Kind, rows: readonly Row[]): EnvironmentVariable[] {
  return rows.map((row) => variable(row, kind, 'read'));
}

function reserved(kind: Kind, rows: readonly Row[]): EnvironmentVariable[] {
  return rows.map((row) => variable(row, kind, 'reserved'));
}

function variable(
  [name, defaultText, description]: Row,
  kind: Kind,
  status: EnvironmentVariable['status'],
): EnvironmentVariable {
  return { name, kind, default: defaultText, description, status };
}

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
