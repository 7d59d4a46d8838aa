import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';

export const gateGroup: CommandGroup = {
  name: 'gate',
  summary: 'Gates: checks of the repository, before a change goes on',
  details: [
    'Exit code 0: passed, or nothing of the kind is here; 1: not passed; 2: no verdict could be reached.',
    'The section `gates` of codex.orchestrator.json sets them up; all of it has defaults.',
  ],
};

const dryRun = { kind: 'boolean', description: 'Report, but exit 0 for what is found' } as const;

const task = {
  kind: 'text',
  placeholder: 'id',
  description: 'Task that the gate is run for (else MCP_RUNNER_TASK_ID)',
} as const;

const format = {
  kind: 'choice',
  choices: ['text', 'agent', 'json', 'sarif', 'github'],
  description:
    'agent: text in a kilobyte; json: one value; sarif: SARIF 2.1.0; github: text with annotations',
} as const;

const common = { task, dryRun, format } as const;

const base = {
  kind: 'text',
  placeholder: 'revision',
  description: 'Revision that changes are counted from',
} as const;

const commit = {
  kind: 'text',
  placeholder: 'revision',
  description: 'One commit to look at instead of all changes',
} as const;

export const specGuardGrammar = defineGrammar({
  name: 'gate spec-guard',
  positionals: '',
  summary: 'Code changes together with its spec, and specs are reviewed',
  details: ['Looked at: what is committed since the base, the index, the work tree and new files.'],
  flags: { base, ...common },
});

export const docsCheckGrammar = defineGrammar({
  name: 'gate docs-check',
  positionals: '',
  summary: 'What documents refer to is there: scripts, pipelines, paths, links',
  details: [],
  flags: common,
});

export const docsFreshnessGrammar = defineGrammar({
  name: 'gate docs-freshness',
  positionals: '',
  summary: 'Every document has an owner and was reviewed lately',
  details: ['Writes a report: out/<task>/docs-freshness.json, unless --report says otherwise.'],
  flags: {
    registry: {
      kind: 'text',
      placeholder: 'path',
      description: 'List of the documents (else docs/docs-freshness-registry.json)',
    },
    report: { kind: 'text', placeholder: 'path', description: 'Where to write the report' },
    fix: { kind: 'boolean', description: 'Add documents to the list that are missing in it' },
    warn: { kind: 'boolean', description: 'The same as --dry-run' },
    ...common,
  },
});

export const diffBudgetGrammar = defineGrammar({
  name: 'gate diff-budget',
  positionals: '',
  summary: 'A change stays small enough to be reviewed',
  details: [
    'Without --base: BASE_SHA, DIFF_BUDGET_BASE, the configuration, origin/main.',
    'DIFF_BUDGET_OVERRIDE_REASON lets a larger change through, and is told with it.',
  ],
  flags: { base, commit, ...common },
});

export const delegationGuardGrammar = defineGrammar({
  name: 'gate delegation-guard',
  positionals: '',
  summary: 'A task was worked on by subagents, whose runs can be believed',
  details: ['DELEGATION_GUARD_OVERRIDE_REASON lets a task through without, and is told with it.'],
  flags: common,
});

export const reviewGrammar = defineGrammar({
  name: 'gate review',
  positionals: '',
  summary: 'An agent reviews the change; without a review the gate does not pass',
  details: ['Notes for the reviewer are required: --notes, or the variable NOTES.'],
  flags: {
    base,
    commit,
    manifest: {
      kind: 'text',
      placeholder: 'path',
      description: 'Manifest of the run that is the evidence (else MANIFEST, else the newest)',
    },
    notes: {
      kind: 'text',
      placeholder: 'text',
      description: 'Goal, summary and risks of the change (else NOTES)',
    },
    ...common,
  },
});

export const tasksSyncGrammar = defineGrammar({
  name: 'gate tasks-sync',
  positionals: '',
  summary: 'Mirrors of task checklists say what the checklists say',
  details: [],
  flags: { fix: { kind: 'boolean', description: 'Write the mirrors anew' }, ...common },
});

export const evidenceCheckGrammar = defineGrammar({
  name: 'gate evidence-check',
  positionals: '',
  summary: 'Evidence that checklists name is there, and its runs can be believed',
  details: [],
  flags: common,
});

export const instructionStampsGrammar = defineGrammar({
  name: 'gate instruction-stamps',
  positionals: '',
  summary: 'Instruction files have a stamp that holds',
  details: [],
  flags: common,
});

export const allGatesGrammar = defineGrammar({
  name: 'gate all',
  positionals: '',
  summary: 'Every gate, one after the other; exits with the worst of their codes',
  details: ['A review costs tokens: it is made with --review alone.'],
  flags: {
    review: { kind: 'boolean', description: 'Have the change reviewed, too' },
    base,
    ...common,
  },
});
