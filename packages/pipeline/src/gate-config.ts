import * as z from 'zod/mini';

import { delayMs, described, optional, text } from './schema-parts.js';

/** The gates that a stage can name and that the section `gates` can set up. */
export const gates = [
  'spec-guard',
  'docs-check',
  'docs-freshness',
  'diff-budget',
  'delegation-guard',
  'review',
  'tasks-sync',
  'evidence-check',
  'instruction-stamps',
] as const;
export type GateName = (typeof gates)[number];

export const maxGateCount = 1_000_000_000;

/** Agents that can review. */
export const reviewers = ['codex', 'claude', 'gemini', 'qwen', 'opencode', 'command'] as const;
export const severities = ['low', 'medium', 'high', 'critical'] as const;

export type GatesConfig = z.infer<ReturnType<typeof createGatesSchema>>;

/** The schema of the `gates` section. */
export function createGatesSchema() {
  return z.object({
    'spec-guard': optional(specGuard(), 'Code changes with its spec, and specs are reviewed.'),
    'docs-check': optional(docsCheck(), 'What documents refer to is there.'),
    'docs-freshness': optional(docsFreshness(), 'Documents have an owner and are reviewed.'),
    'diff-budget': optional(diffBudget(), 'A change stays small enough to be reviewed.'),
    'delegation-guard': optional(delegationGuard(), 'A task was worked on by subagents.'),
    review: optional(review(), 'An agent reviews the change.'),
    'tasks-sync': optional(tasksSync(), 'Mirrors of checklists are what the checklists are.'),
    'evidence-check': optional(evidenceCheck(), 'Evidence that tasks name is there and true.'),
    'instruction-stamps': optional(
      instructionStamps(),
      'Instruction files have a stamp that holds.',
    ),
  });
}

function specGuard() {
  return z.object({
    code: optional(
      globs(),
      'Files whose change asks for the change of a spec. Default: source files by their endings, without tests and what is generated.',
    ),
    specs: optional(
      globs(),
      'Specs: each says when it was reviewed last. Default: tasks/specs/*.md and docs/design/specs/*.md.',
    ),
    index: optional(
      text(),
      'A file whose change counts as that of a spec. Default: "tasks/index.json".',
    ),
    maxAgeDays: optional(count(0), 'Days after which a review of a spec is too old. Default: 30.'),
    base: optional(text(), 'Revision that changes are counted from. Default: as diff-budget.'),
  });
}

function docsCheck() {
  return z.object({
    documents: optional(
      globs(),
      'Documents to look at. Default: Markdown in the root, docs, tasks, .agent and .ai-dev-tasks, and every README.md.',
    ),
    ignoreReferences: optional(
      globs(),
      'References that are left alone although they lead nowhere. Default: none.',
    ),
    tasksFile: optional(text(), 'The list of tasks. Default: "docs/TASKS.md".'),
    tasksMaxLines: optional(
      count(1),
      'Most lines of it. Default: max_lines of docs/tasks-archive-policy.json, else 450.',
    ),
  });
}

function docsFreshness() {
  return z.object({
    registry: optional(text(), 'Default: "docs/docs-freshness-registry.json".'),
    documents: optional(
      globs(),
      'Documents that have to be in it. Default: Markdown in the root, docs, tasks, .agent and .ai-dev-tasks.',
    ),
    cadenceDays: optional(count(1), 'Days between reviews for what --fix adds. Default: 90.'),
    owner: optional(
      text(),
      'Owner of what --fix adds. Default: none, the entry has to be completed.',
    ),
  });
}

function diffBudget() {
  return z.object({
    maxFiles: optional(count(0), 'Changed files, after DIFF_BUDGET_MAX_FILES. Default: 25.'),
    maxLines: optional(
      count(0),
      'Added and deleted lines together, after DIFF_BUDGET_MAX_LINES. Default: 800.',
    ),
    ignore: optional(
      globs(),
      'Files that do not count. Default: lock files, .runs, archives, dist, node_modules and out.',
    ),
    base: optional(
      text(),
      'Revision that changes are counted from, after --base, BASE_SHA and DIFF_BUDGET_BASE. Default: "origin/main".',
    ),
    maxUntrackedBytes: optional(
      count(0),
      'Largest file outside of the index that is read. Default: 1048576.',
    ),
  });
}

function delegationGuard() {
  return z.object({
    index: optional(text(), 'The list of tasks. Default: "tasks/index.json".'),
    minRuns: optional(count(1), 'Runs of subagents that a task needs. Default: 1.'),
  });
}

function review() {
  return z.object({
    agent: optional(z.enum(reviewers), 'Who reviews. Default: the first agent installed.'),
    program: optional(text(), "The agent's program, a name on the path or a path."),
    agentArgs: optional(z.array(z.string()), 'Arguments for the agent before those of the gate.'),
    agentTemplate: optional(text(), 'Line for the shell that runs the agent `command`.'),
    timeoutMs: optional(delayMs(1), 'Milliseconds that a review may take. Default: 900000.'),
    maxPromptBytes: optional(count(16_384), 'Most bytes of the prompt. Default: 131072.'),
    failOn: optional(
      z.enum(severities),
      'Least severity of a finding that fails the gate. Default: "medium".',
    ),
    allowUnreviewed: optional(
      z.boolean(),
      'Whether a review that nobody made lets the run go on. Default: false.',
    ),
  });
}

function tasksSync() {
  return z.object({
    index: optional(text(), 'The list of tasks. Default: "tasks/index.json".'),
    mirrors: optional(text(), 'Folder of the mirrors. Default: ".agent/task".'),
    tasksFile: optional(
      text(),
      'The file with a managed block for each task. Default: "docs/TASKS.md".',
    ),
  });
}

function evidenceCheck() {
  return z.object({
    documents: optional(
      globs(),
      'Documents whose links to evidence are followed. Default: tasks/tasks-*.md, docs/TASKS.md and .agent/task/*.md.',
    ),
  });
}

function instructionStamps() {
  return z.object({
    files: optional(
      z.array(text()),
      'Instruction files that have to be there. Default: those that are there.',
    ),
  });
}

/** Relative to the root; `!` excludes. */
function globs() {
  return z.array(text());
}

function count(minimum: number) {
  return z.int().check(z.minimum(minimum), z.maximum(maxGateCount));
}

/** What a gate stage says of its gate. */
export function gateMembers() {
  return {
    gate: described(z.enum(gates), 'Which gate; the section `gates` sets it up.'),
    dryRun: optional(z.boolean(), 'Whether what the gate finds is only reported. Default: false.'),
  };
}
