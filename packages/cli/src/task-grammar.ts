import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';
import { maxInteger, textOrJson } from './command-grammar.js';

export const taskGroup: CommandGroup = {
  name: 'task',
  summary: 'Documents of a task: PRD, specification, action plan, checklist, evidence',
  details: [
    'They lie in docs and tasks; tasks/index.json registers them.',
    'A task is named by its key (0939-agent-gates), its id or its slug.',
  ],
};

export const taskNewGrammar = defineGrammar({
  name: 'task new',
  positionals: '[id] [slug]',
  summary: 'Begin a task: write its documents and register it',
  details: [
    'Writes docs/PRD-<slug>.md, docs/TECH_SPEC-<slug>.md, docs/ACTION_PLAN-<slug>.md,',
    'tasks/specs/<id>-<slug>.md, tasks/tasks-<id>-<slug>.md and tasks/index.json.',
    'Nothing is written where one of them is there with other content.',
  ],
  flags: {
    title: { kind: 'text', placeholder: 'text', description: 'Title (else the slug in words)' },
    format: textOrJson,
  },
});

export const taskStatusGrammar = defineGrammar({
  name: 'task status',
  positionals: '[id]',
  summary: 'Show how far a task is: open items, age of its spec, evidence, latest run',
  details: ['Without an id: all tasks with the number of items done.'],
  flags: { format: textOrJson },
});

export const taskEvidenceGrammar = defineGrammar({
  name: 'task evidence',
  positionals: '[id]',
  summary: 'Link a run as evidence of an item of the checklist, with its numbers',
  details: [
    'The item is ticked where the run succeeded; another end is stated behind the link.',
    'The numbers go into the action plan, beside those of the run before.',
  ],
  flags: {
    run: {
      kind: 'text',
      placeholder: 'id|latest',
      description: 'Run to link; latest: the newest of the task and its subagents',
    },
    item: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: maxInteger,
      description: 'Number of the item (else the one that links the run, else the first open one)',
    },
    format: textOrJson,
  },
});
