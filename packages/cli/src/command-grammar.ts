import { defineGrammar } from './command.js';
import { loopFlags } from './rlm/loop-flags.js';

export const maxInteger = 2_147_483_647;

export const task = {
  kind: 'text',
  placeholder: 'id',
  description: 'Task that the run belongs to (else MCP_RUNNER_TASK_ID, else the folder name)',
} as const;

export const textOrJson = {
  kind: 'choice',
  choices: ['text', 'agent', 'json'],
  description: 'json: one JSON value on stdout and nothing else; agent: as text',
} as const;

export const anyFormat = {
  kind: 'choice',
  choices: ['text', 'agent', 'json', 'ndjson'],
  description:
    'agent: text in a kilobyte (default for coding agents); json: one value; ndjson: events, the verdict last',
} as const;

const target = {
  kind: 'text',
  placeholder: 'stage',
  aliases: ['target-stage'],
  description: 'Stage that the run is about: recorded as plan_target_id, every stage still runs',
} as const;

export const startGrammar = defineGrammar({
  name: 'start',
  positionals: '[pipeline]',
  summary: 'Run a pipeline and wait for its verdict',
  details: [
    'Without a name: defaultPipeline of codex.orchestrator.json, else `diagnostics`.',
    'Built in, where the configuration has none of the name: `diagnostics`, `docs-review`,',
    '`implementation-gate` and `docs-relevance-advisory`, which run gates and the build, lint and test',
    'commands that are found here, and `rlm`, an agent loop, which takes the flags of the command `rlm`.',
    'INT, TERM or HUP cancels: stages get TERM, then KILL; a second signal kills at once.',
  ],
  flags: {
    task,
    format: anyFormat,
    keepGoing: {
      kind: 'boolean',
      description: 'After a failure, still run the stages that do not depend on it',
    },
    maxParallel: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: 1024,
      description:
        'Most stages at a time where stages declare `needs` (else the config, else cores)',
    },
    deadline: {
      kind: 'integer',
      placeholder: 'ms',
      minimum: 1,
      maximum: maxInteger,
      description:
        'Longest time for the whole run, in milliseconds (else deadlineMs of the config)',
    },
    interactive: {
      kind: 'boolean',
      aliases: ['ui'],
      description: 'Live progress line, also under CI; --no-interactive: plain lines, no prompts',
    },
    contain: {
      kind: 'boolean',
      description:
        'Run stages where nothing of them outlives this process (Linux; default for agent loops)',
    },
    detach: {
      kind: 'boolean',
      description: 'Answer once the run is recorded; it goes on without this process',
    },
    target,
    tag: {
      kind: 'text',
      placeholder: 'name[,name...]',
      description: 'Names to find the run by later, beside those of CODEX_ORCHESTRATOR_TAGS',
    },
    parentRun: { kind: 'text', placeholder: 'run', description: 'Run that started this one' },
    approvalPolicy: {
      kind: 'text',
      placeholder: 'policy',
      description: 'Recorded in the manifest as approval_policy',
    },
    ...loopFlags,
  },
});

export const planGrammar = defineGrammar({
  name: 'plan',
  positionals: '[pipeline]',
  summary: 'Show the stages of a pipeline; runs and writes nothing',
  details: ['Environment values of stages are shown as names only.'],
  flags: { task, format: textOrJson, target },
});

export const statusGrammar = defineGrammar({
  name: 'status',
  positionals: '[run]',
  summary: 'Show what a run did, or does',
  details: [
    'Without a run: the latest one. Exit code 0 whatever the status of the run.',
    'A run whose owner is gone is shown as interrupted, and --watch ends on it.',
  ],
  flags: {
    run: { kind: 'text', placeholder: 'id|latest', description: 'Run to show' },
    task: { ...task, description: 'Only look at the runs of this task' },
    watch: { kind: 'boolean', description: 'Repeat until the run is over' },
    interval: {
      kind: 'integer',
      placeholder: 'seconds',
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds between two looks with --watch (default 10)',
    },
    format: anyFormat,
  },
});

export const execGrammar = defineGrammar({
  name: 'exec',
  positionals: '[...command]',
  summary: 'Run one command as a recorded run; exits with its exit code',
  details: [
    'Put `--` before the command: flags before it belong to exec, all after it to the command.',
    'Without a format flag: the output itself on a terminal, --jsonl elsewhere.',
  ],
  flags: {
    cwd: { kind: 'text', placeholder: 'path', description: 'Folder to run in (default: the root)' },
    task,
    json: {
      kind: 'choice',
      choices: ['compact', 'pretty'],
      bare: 'pretty',
      description: 'Only the run:summary, as one JSON value',
    },
    jsonl: { kind: 'boolean', description: 'exec:* events, then run:summary, one per line' },
    format: anyFormat,
  },
});

export const runsGrammar = defineGrammar({
  name: 'runs',
  positionals: '',
  summary: 'List runs, newest first',
  details: [],
  flags: {
    task: { ...task, description: 'Only the runs of this task' },
    status: {
      kind: 'choice',
      choices: [
        'queued',
        'in_progress',
        'succeeded',
        'failed',
        'cancelled',
        'timed_out',
        'interrupted',
      ],
      description: 'Only runs with this status',
    },
    limit: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: 100_000,
      description: 'At most this many runs (default 20)',
    },
    format: anyFormat,
  },
});

export const doctorGrammar = defineGrammar({
  name: 'doctor',
  positionals: '',
  summary: 'Check what runs need here; exits 1 when something makes them impossible',
  details: [],
  flags: { format: textOrJson },
});

export const initGrammar = defineGrammar({
  name: 'init',
  positionals: '',
  summary: 'Write a codex.orchestrator.json of the built-in pipelines, to edit',
  details: [
    'The build, lint, typecheck and test commands are those that are found here; none is run.',
    'Writes to the root: CODEX_ORCHESTRATOR_ROOT, else the nearest .git, else this folder.',
  ],
  flags: {
    force: { kind: 'boolean', description: 'Replace a codex.orchestrator.json that is there' },
    pipelines: {
      kind: 'text',
      placeholder: 'id[,id...]',
      description:
        'Built-in pipelines to write, the default one first (default diagnostics,docs-review,implementation-gate)',
    },
    format: textOrJson,
  },
});

export const selfCheckGrammar = defineGrammar({
  name: 'self-check',
  positionals: '',
  summary: 'Show that the program starts: name, version, Node',
  details: [],
  flags: { format: textOrJson },
});
