import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';
import { maxInteger, task as runTask, textOrJson } from './command-grammar.js';

export const experienceGroup: CommandGroup = {
  name: 'experience',
  summary: 'What earlier runs taught, and what of it the next run is given',
  details: [
    'Each task has a log with a line for every lesson; a prompt pack with slots gives a run the best of its domain.',
    'A lesson cites the run that it comes from, and counts by how that run and later ones went.',
  ],
};

const task = {
  ...runTask,
  description: 'Task whose experiences are meant (else MCP_RUNNER_TASK_ID, else the folder name)',
} as const;

const allTasks = { kind: 'boolean', description: 'The experiences of all tasks' } as const;

const domain = { kind: 'text', placeholder: 'domain', description: 'Domain (required)' } as const;

const policy = {
  kind: 'choice',
  choices: ['top', 'competitive', 'diverse'],
  description:
    'top: by reward (default); competitive: less from one source; diverse: also by use, age, and unlike each other',
} as const;

const dryRun = { kind: 'boolean', description: 'Only say what would be done' } as const;

export const experienceListGrammar = defineGrammar({
  name: 'experience list',
  positionals: '',
  summary: 'List experiences, newest first',
  details: [
    'Reads the whole log, and shows what is known of each: reward, uses, whether it helped.',
  ],
  flags: {
    task,
    domain: { ...domain, description: 'Only this domain' },
    run: { kind: 'text', placeholder: 'id', description: 'Only those of this run' },
    limit: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: 10_000,
      description: 'At most this many (default 20)',
    },
    order: {
      kind: 'choice',
      choices: ['newest', 'best'],
      description: 'newest first (default), or best by reward first',
    },
    format: textOrJson,
  },
});

const limitOfThree = {
  kind: 'integer',
  placeholder: 'n',
  minimum: 1,
  maximum: 1000,
  description: 'At most this many (default 3)',
} as const;

const minReward = {
  kind: 'number',
  placeholder: 'x',
  description: 'Least reward (competitive: else TFGRPO_EXPERIENCE_MIN_REWARD, else 0.1)',
} as const;

export const experienceTopGrammar = defineGrammar({
  name: 'experience top',
  positionals: '',
  summary: 'Print the best experiences of a domain, as a run is given them',
  details: [
    'As text: the lines that are put in front of an agent, and nothing else.',
    'Answered from an index: it costs the same however long the log is.',
  ],
  flags: {
    domain,
    limit: limitOfThree,
    minReward,
    policy,
    maxTokens: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: maxInteger,
      description: 'At most this many tokens, estimated, in all lines together',
    },
    task,
    allTasks,
    format: textOrJson,
  },
});

export const experienceExplainGrammar = defineGrammar({
  name: 'experience explain',
  positionals: '',
  summary: 'Say of each candidate of a domain why it is chosen or not',
  details: [],
  flags: { domain, limit: limitOfThree, minReward, policy, task, allTasks, format: textOrJson },
});

export const experienceAddGrammar = defineGrammar({
  name: 'experience add',
  positionals: '',
  summary: 'Add a lesson of a run',
  details: [
    'The run has to be there: its manifest is cited with the digest that it has.',
    'Refused when it says nothing, says what is known already, or has secrets in it.',
  ],
  flags: {
    domain,
    summary: {
      kind: 'text',
      placeholder: 'text',
      description: 'The lesson; 32 words of it are kept',
    },
    summaryFile: {
      kind: 'text',
      placeholder: 'file',
      description: 'The same from a file; - is standard input',
    },
    run: {
      kind: 'text',
      placeholder: 'id|latest',
      description: 'Run that it comes from (required)',
    },
    outcome: {
      kind: 'choice',
      choices: ['succeeded', 'failed'],
      description: 'How the run went, where the record says otherwise or nothing',
    },
    gtScore: {
      kind: 'number',
      placeholder: 'x',
      description: 'Reward by what is right (default: 1 for a run that succeeded, else 0)',
    },
    relativeRank: {
      kind: 'number',
      placeholder: 'y',
      description: 'Reward against comparable runs (default 0)',
    },
    stage: { kind: 'text', placeholder: 'id', description: 'Stage of the run that it is about' },
    source: { kind: 'text', placeholder: 'who', description: 'Who says it (default cli)' },
    force: {
      kind: 'boolean',
      description: 'Add it even where it says little or what is known; never secrets',
    },
    task,
    format: textOrJson,
  },
});

export const experienceAuditGrammar = defineGrammar({
  name: 'experience audit',
  positionals: '',
  summary: 'Check experiences and their index; exits 1 when something needs a repair',
  details: ['Changes nothing, and says what to do about what it finds.'],
  flags: { task, allTasks, format: textOrJson },
});

export const experienceGcGrammar = defineGrammar({
  name: 'experience gc',
  positionals: '',
  summary: 'Take out of the log what repeats, what nobody can read, and what is beyond the limits',
  details: [
    'Look first at what would go: --dry-run. Nothing goes without --yes. Pinned experiences stay.',
  ],
  flags: {
    task,
    dryRun,
    yes: { kind: 'boolean', description: 'Do it' },
    near: { kind: 'boolean', description: 'Also merge lessons that say nearly the same' },
    boilerplate: { kind: 'boolean', description: 'Also take out texts that teach nothing' },
    keepPerDomain: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: maxInteger,
      description: 'Keep at most the best n of each domain',
    },
    olderThanDays: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: 36_500,
      description: 'Take out what is older and no run was ever given',
    },
    format: textOrJson,
  },
});

export const experienceForgetGrammar = defineGrammar({
  name: 'experience forget',
  positionals: '[...id]',
  summary: 'Forget experiences for good: their text is gone from the log',
  details: ['All ids or none. Manifests of runs that were given them still have their lines.'],
  flags: { task, format: textOrJson },
});

export const experiencePinGrammar = defineGrammar({
  name: 'experience pin',
  positionals: '[id]',
  summary: 'Keep an experience: it does not age and is never collected',
  details: [],
  flags: { task, format: textOrJson },
});

export const experienceUnpinGrammar = defineGrammar({
  name: 'experience unpin',
  positionals: '[id]',
  summary: 'Let a pinned experience age like the others',
  details: [],
  flags: { task, format: textOrJson },
});

export const experienceExportGrammar = defineGrammar({
  name: 'experience export',
  positionals: '',
  summary: 'Print experiences, one JSON value per line, for import elsewhere',
  details: [],
  flags: {
    task,
    domain: { ...domain, description: 'Only this domain' },
    to: { kind: 'text', placeholder: 'file', description: 'Write them to this file instead' },
    format: {
      kind: 'choice',
      choices: ['ndjson', 'json'],
      description: 'ndjson: one per line and nothing else (default); json: one value',
    },
  },
});

export const experienceImportGrammar = defineGrammar({
  name: 'experience import',
  positionals: '[file]',
  summary: 'Add experiences that were exported elsewhere; what is known already is left out',
  details: [
    '- is standard input. Texts are redacted; lines that are no experiences are named and left out.',
  ],
  flags: { task, format: textOrJson },
});
