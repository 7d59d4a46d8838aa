import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';
import { maxInteger, task as runTask, textOrJson } from './command-grammar.js';

export const metricsGroup: CommandGroup = {
  name: 'metrics',
  summary: 'How often runs succeed and how long they take, counted run by run',
  details: [
    'Each task has a history with a line for every finished run; what is shown is counted from it.',
    'Runs are counted when they end: update, rebuild and doctor are for histories that others wrote to.',
  ],
};

export const metricsBaselineGroup: CommandGroup = {
  name: 'metrics baseline',
  summary: 'The run that later ones are compared with: the first one, unless another was set',
  details: [],
};

const task = {
  ...runTask,
  description: 'Task whose runs are meant (else MCP_RUNNER_TASK_ID, else the folder name)',
} as const;

const pipeline = {
  kind: 'text',
  placeholder: 'id',
  description: 'Only the runs of this pipeline',
} as const;

export const metricsShowGrammar = defineGrammar({
  name: 'metrics show',
  positionals: '',
  summary: 'Show success rate, duration and trend of each pipeline',
  details: [
    'Reads what is counted and changes nothing. p50, p95 and p99 are off by at most 1 %.',
    'Each of the last runs has a bar as high as it took long, or × where it did not succeed.',
  ],
  flags: {
    task,
    pipeline: { ...pipeline, description: 'Only this pipeline, with its stages' },
    stages: { kind: 'boolean', description: 'A line for every stage too' },
    format: {
      kind: 'choice',
      choices: ['text', 'agent', 'json', 'csv'],
      description: 'json: all documents as one value; csv: a row for each pipeline and stage',
    },
  },
});

export const metricsUpdateGrammar = defineGrammar({
  name: 'metrics update',
  positionals: '',
  summary: 'Count what is new in the history, and say what that was',
  details: [
    'Only new lines are read. Lines that are no entries are named and cost themselves alone.',
  ],
  flags: { task, format: textOrJson },
});

export const metricsRebuildGrammar = defineGrammar({
  name: 'metrics rebuild',
  positionals: '',
  summary: 'Count the whole history anew',
  details: [
    'Comes to the same as counting run by run. Interrupted, it leaves everything as it was.',
  ],
  flags: { task, format: textOrJson },
});

export const metricsRotateGrammar = defineGrammar({
  name: 'metrics rotate',
  positionals: '',
  summary: 'Begin a new file of history; the older ones still count',
  details: ['Runs do so by themselves with CODEX_METRICS_MAX_BYTES or CODEX_METRICS_MAX_LINES.'],
  flags: {
    task,
    gzip: { kind: 'boolean', description: 'Compress older files that nobody writes to any more' },
    format: textOrJson,
  },
});

export const metricsPruneGrammar = defineGrammar({
  name: 'metrics prune',
  positionals: '',
  summary: 'Shorten old files of history to what counting needs',
  details: ['What is counted stays the same; refused with PRUNE_REFUSED where it would not.'],
  flags: {
    task,
    keep: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 0,
      maximum: maxInteger,
      description: 'Leave the newest n older files as they are (required)',
    },
    dryRun: { kind: 'boolean', description: 'Only say what would be shortened' },
    format: textOrJson,
  },
});

export const metricsExportGrammar = defineGrammar({
  name: 'metrics export',
  positionals: '',
  summary: 'Print the entries of the history, or the totals for Prometheus',
  details: [
    'Entries come in the order of the history, one at a time: any number of them fits in memory.',
    'An attempt that was recorded twice is printed twice.',
  ],
  flags: {
    task,
    since: {
      kind: 'text',
      placeholder: 'time',
      description: 'Only entries recorded then or later: 2026-01-31 or 2026-01-31T12:00:00Z',
    },
    pipeline,
    status: {
      kind: 'choice',
      choices: ['succeeded', 'failed', 'cancelled', 'timed_out', 'interrupted'],
      description: 'Only runs that ended so',
    },
    format: {
      kind: 'choice',
      choices: ['ndjson', 'json', 'csv', 'prometheus'],
      description:
        'ndjson: an entry per line and nothing else (default); json: one value; prometheus: the totals',
    },
  },
});

export const metricsDoctorGrammar = defineGrammar({
  name: 'metrics doctor',
  positionals: '',
  summary: 'Check history and counts; exits 1 when something needs a repair',
  details: ['Changes nothing, and says what to do about what it finds.'],
  flags: { task, format: textOrJson },
});

export const baselineShowGrammar = defineGrammar({
  name: 'metrics baseline show',
  positionals: '',
  summary: 'Show the run that others are compared with, and who chose it',
  details: [],
  flags: { task, format: textOrJson },
});

export const baselineSetGrammar = defineGrammar({
  name: 'metrics baseline set',
  positionals: '',
  summary: 'Compare later runs with this one',
  details: [],
  flags: {
    task,
    run: { kind: 'text', placeholder: 'id', description: 'A run of the history (required)' },
    reason: { kind: 'text', placeholder: 'text', description: 'Why, for whoever asks later' },
    actor: { kind: 'text', placeholder: 'name', description: 'Who wants it (default cli)' },
    format: textOrJson,
  },
});

export const baselineClearGrammar = defineGrammar({
  name: 'metrics baseline clear',
  positionals: '',
  summary: 'Forget the run that was set: the first one of the history counts again',
  details: [],
  flags: { task, format: textOrJson },
});
