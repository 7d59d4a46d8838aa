import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';
import { maxInteger, task as runTask, textOrJson } from './command-grammar.js';

export const evidenceGroup: CommandGroup = {
  name: 'evidence',
  summary: 'Numbers before and after a change: runs that are recorded, compared and checked',
  details: [
    'baseline before the change, post after it, then report; or all of it with post --against <commit>.',
    'The numbers lie in out/<task>/evidence, the runs beside the other runs of the task.',
  ],
};

const task = {
  ...runTask,
  description: 'Task whose runs are meant (else MCP_RUNNER_TASK_ID, else the folder name)',
} as const;

const html = {
  kind: 'text',
  placeholder: 'file',
  description: 'Write it as a page too, which needs no network and no script',
} as const;

const selector =
  'such as task=api,pipeline=build,tag=old,since=2026-01-31,until=2026-02-28,commit=3f78685,status=succeeded,last=20, or run=<id>';

const judgement = {
  minRuns: {
    kind: 'integer',
    placeholder: 'n',
    minimum: 2,
    maximum: 1000,
    description: 'Fewest runs of a side to judge what varies by (default 5)',
  },
  level: {
    kind: 'number',
    placeholder: 'x',
    description: 'How sure intervals are, between 0.5 and 1 (default 0.95)',
  },
  seed: {
    kind: 'integer',
    placeholder: 'n',
    minimum: 0,
    maximum: maxInteger,
    description:
      'Seed of everything random: the same runs and seed give the same answer (default 1)',
  },
} as const;

export const compareGrammar = defineGrammar({
  name: 'compare',
  positionals: '',
  summary: 'Compare runs before and after a change, and say whether the difference is one',
  details: [
    'A side is chosen by a selector; its runs are read from the history and from their records.',
    'At most the 1,000 newest runs of a side are looked at. Too few runs, or runs of several machines, are not judged.',
    'Exits 1 only with --fail-on; nothing to compare is an error, NOTHING_TO_COMPARE.',
  ],
  flags: {
    before: {
      kind: 'text',
      placeholder: 'selector',
      description: `Runs before (required), ${selector}`,
    },
    after: {
      kind: 'text',
      placeholder: 'selector',
      description: 'Runs after (required), the same way',
    },
    task: { ...task, description: `${task.description}; task= of a selector wins` },
    failOn: {
      kind: 'choice',
      choices: ['regression', 'undecided'],
      description:
        'Exit 1 when it is worse; undecided: also when that could not be told, or was not judged',
    },
    html,
    ...judgement,
    format: {
      kind: 'choice',
      choices: ['text', 'agent', 'json', 'markdown'],
      description: 'json: one value, compare/v1; markdown: a table for a pull request',
    },
  },
});

export const reportGrammar = defineGrammar({
  name: 'report',
  positionals: '[run]',
  summary: 'Write a run as a page: verdict, timeline, trend, verification',
  details: [
    'Without a run: the latest one. Earlier runs of its pipeline are the trend, at most 30.',
    'Default file: out/<task>/report/<run>.html; a file that is there is replaced.',
  ],
  flags: {
    run: { kind: 'text', placeholder: 'id|latest', description: 'Run to show' },
    task: { ...task, description: 'Only look at the runs of this task' },
    html: { ...html, description: 'File to write, relative to the folder of the call' },
    format: textOrJson,
  },
});

const measuring = {
  task,
  pipeline: {
    kind: 'text',
    placeholder: 'id',
    description: 'Pipeline to run (else the default one)',
  },
  runs: {
    kind: 'integer',
    placeholder: 'n',
    minimum: 1,
    maximum: 1000,
    description: 'How often (default 5)',
  },
  tag: {
    kind: 'text',
    placeholder: 'name[,name...]',
    description:
      'Further tags of the runs, beside evidence and evidence-base or evidence-candidate',
  },
  force: { kind: 'boolean', description: 'Replace numbers that are there' },
  format: textOrJson,
} as const;

export const evidenceBaselineGrammar = defineGrammar({
  name: 'evidence baseline',
  positionals: '',
  summary: 'Run a pipeline several times and keep the numbers from before a change',
  details: [
    'Each is a recorded run like any other. The numbers are written after every run: a kill loses none.',
    'Runs that do not succeed are kept and count in the success rate alone.',
  ],
  flags: {
    ...measuring,
    against: {
      kind: 'text',
      placeholder: 'commit|folder',
      description: 'Run that tree instead of this one; a commit gets a git work tree for as long',
    },
  },
});

export const evidencePostGrammar = defineGrammar({
  name: 'evidence post',
  positionals: '',
  summary: 'Run it again after the change; with --against, both trees in turns',
  details: [
    'In turns is fairer: what else the machine does meets both; the baseline is then measured here and now.',
    'A work tree of a commit borrows node_modules where its lock file is the same, and is removed at the end.',
  ],
  flags: {
    ...measuring,
    against: {
      kind: 'text',
      placeholder: 'commit|folder',
      description: 'Tree to run as the baseline, in turns with this one',
    },
    seed: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 0,
      maximum: maxInteger,
      description: 'Seed of the order in which the trees take turns (default 1)',
    },
  },
});

export const evidenceReportGrammar = defineGrammar({
  name: 'evidence report',
  positionals: '',
  summary: 'Compare baseline and post, check every run, and write report.md and report.html',
  details: [
    'A record that was altered, or changed since it was measured, is named: nothing is judged then, exit code 1.',
  ],
  flags: {
    task,
    failOn: {
      kind: 'choice',
      choices: ['regression', 'undecided'],
      description: 'Exit 1 when it is worse; undecided: also when that could not be told',
    },
    ...judgement,
    format: {
      kind: 'choice',
      choices: ['text', 'agent', 'json', 'markdown'],
      description: 'json: one value; markdown: what report.md says',
    },
  },
});
