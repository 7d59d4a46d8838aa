import { commandStages, gateStage, stageIdOf } from './builtin-stages.js';
import type { BuiltinStage, GateOptions } from './builtin-stages.js';
import type { FoundCommand } from './command-rules.js';

/** A pipeline as it stands in a `codex.orchestrator.json`. */
export interface BuiltinPipeline {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly guardrailsRequired?: boolean;
  readonly stages: readonly BuiltinStage[];
}

/** Ids of the pipelines that the program brings along. */
export const builtinPipelineIds = [
  'diagnostics',
  'implementation-gate',
  'docs-review',
  'docs-relevance-advisory',
  'rlm',
] as const;
export type BuiltinPipelineId = (typeof builtinPipelineIds)[number];

/** Whether there is a pipeline of this id where the configuration of a repository has none. */
export function isBuiltinPipeline(id: string): id is BuiltinPipelineId {
  return builtinPipelineIds.some((known) => known === id);
}

/** Whether a built-in pipeline runs the commands of the repository, so that they have to be found first. */
export function runsCommands(id: BuiltinPipelineId): boolean {
  return id === 'diagnostics' || id === 'implementation-gate';
}

/** A built-in pipeline for a repository with these commands. */
export function builtinPipeline(
  id: BuiltinPipelineId,
  commands: readonly FoundCommand[],
): BuiltinPipeline {
  return makers[id](commands);
}

const makers: Readonly<
  Record<BuiltinPipelineId, (commands: readonly FoundCommand[]) => BuiltinPipeline>
> = {
  diagnostics: (commands) => ({
    id: 'diagnostics',
    title: 'Diagnostics',
    description: `Builds and checks the repository. ${originWords(commands)}`,
    tags: ['diagnostics-primary', 'diagnostics-secondary'],
    guardrailsRequired: true,
    stages: [gateStage('delegation-guard'), ...commandStages(commands), gateStage('spec-guard')],
  }),
  'implementation-gate': (commands) => ({
    id: 'implementation-gate',
    title: 'Implementation gate',
    description: `Everything that a change has to pass before it is handed over. ${originWords(commands)}`,
    tags: ['implementation-gate'],
    guardrailsRequired: true,
    stages: [
      // The budget is a stage of its own here: the review does not judge it a second time.
      ...withReview({ DIFF_BUDGET_STAGE: '1' }, [
        gateStage('delegation-guard'),
        gateStage('spec-guard'),
        ...commandStages(commands),
        gateStage('docs-check'),
        gateStage('docs-freshness'),
        gateStage('diff-budget'),
      ]),
      gateStage('evidence-check'),
      gateStage('tasks-sync'),
    ],
  }),
  'docs-review': () => ({
    id: 'docs-review',
    title: 'Docs review',
    description:
      'Reviews specs and documents before anything is built; the size of the change does not matter.',
    tags: ['docs-review'],
    guardrailsRequired: true,
    stages: withReview({ SKIP_DIFF_BUDGET: '1' }, [
      gateStage('delegation-guard'),
      gateStage('spec-guard'),
      gateStage('docs-check'),
      gateStage('docs-freshness'),
    ]),
  }),
  'docs-relevance-advisory': () => ({
    id: 'docs-relevance-advisory',
    title: 'Docs relevance (advisory)',
    description:
      'Says which documents a change leaves behind; nothing that it finds fails the run.',
    tags: ['docs', 'advisory'],
    guardrailsRequired: false,
    stages: withReview(
      { SKIP_DIFF_BUDGET: '1', NOTES: relevanceNotes },
      [gateStage('docs-freshness', { dryRun: true, allowFailure: true })],
      { allowFailure: true },
    ),
  }),
  rlm: () => ({
    id: 'rlm',
    title: 'RLM Loop',
    stages: [{ kind: 'rlm', id: 'rlm', title: 'Agent loop' }],
  }),
};

const relevanceNotes = [
  'Goal: find documents that are no longer true after this change',
  'Summary: what each changed part is described by, and whether that still holds',
  'Risks: none for the run, whatever is found is advice',
].join(' | ');

/** A review costs more than all that comes before it together, so it waits for all of that to pass. */
function withReview(
  env: Readonly<Record<string, string>>,
  before: readonly BuiltinStage[],
  options: GateOptions = {},
): readonly BuiltinStage[] {
  const needs = before.map(({ id }) => id);
  return [...before, gateStage('review', { env, ...options, needs })];
}

function originWords(commands: readonly FoundCommand[]): string {
  if (commands.length === 0) return 'The repository has no commands that were found.';
  const words = commands.map((found) => {
    return `${stageIdOf(found, commands)} from ${found.origin}`;
  });
  return `Commands found: ${words.join(', ')}.`;
}
