import type { Manifest, PromptPackUse, StageRecord } from '@codex-orchestrator/manifest';
import type { ExperienceRule } from '@codex-orchestrator/pipeline';

/** A rule whose defaults are filled in. */
export type LessonRule = Required<Pick<ExperienceRule, 'domain' | 'lesson'>>;

/** Names of stages that a sentence lists at most. */
const MAX_NAMES = 5;

/**
 * The rule by which a run is recorded; undefined for a run that teaches nothing. Without rules, runs
 * are recorded whose pipeline is the domain of one of their own prompt packs that has slots.
 */
export function ruleFor(
  run: Manifest,
  rules: readonly ExperienceRule[] | undefined,
): LessonRule | undefined {
  const { status, pipeline_id: pipelineId, prompt_packs: packs = [] } = run;
  if (status !== 'succeeded' && status !== 'failed') return undefined;
  const byDefault = { domain: '{pipeline}', lesson: 'outcome' } as const;
  if (rules === undefined) {
    return packs.some((pack) => isFor(pack, pipelineId)) ? byDefault : undefined;
  }
  const rule = rules.find(
    ({ pipelines, when }) =>
      (pipelines?.includes(pipelineId) ?? true) && (when?.includes(status) ?? true),
  );
  return rule && { ...byDefault, ...rule };
}

function isFor({ domain, experience_slots: slots }: PromptPackUse, pipelineId: string): boolean {
  return slots > 0 && domain === pipelineId;
}

/** Fills in what a rule leaves open of the domain. */
export function domainFor(run: Manifest, { domain }: LessonRule): string {
  return domain
    .replaceAll('{pipeline}', run.pipeline_id)
    .replaceAll('{stage}', tellingStage(run)?.id ?? run.pipeline_id);
}

/** The stage that a run is remembered for: the first that failed, or else the last one. */
export function tellingStage({ commands, status }: Manifest): StageRecord | undefined {
  const failed = status === 'failed' ? commands.find(isFailure) : undefined;
  return failed ?? commands.at(-1);
}

/** One sentence about how a run ended and what led there; the same for runs that went the same way. */
export function describeEnd(run: Manifest): string {
  const stages = run.commands.filter((stage) => stage.attempts > 0);
  const passed = namesOf(stages.filter(({ status }) => status === 'succeeded'));
  const facts = stages.flatMap(notableFact);
  const failed = run.status === 'failed' ? stages.find(isFailure) : undefined;
  const head =
    failed === undefined
      ? `Pipeline ${run.pipeline_id} ${run.status}${passed === '' ? '' : `: ${passed} passed`}`
      : `Pipeline ${run.pipeline_id} failed at stage ${failed.id}, ${endOf(failed)}${
          passed === '' ? '' : `, after ${passed} passed`
        }`;
  const command = (failed ?? (stages.length === 1 ? stages[0] : undefined))?.command;
  return [head, ...facts, ...(command == null ? [] : [`command: ${command}`])].join('; ');
}

function isFailure({ status, outcome }: StageRecord): boolean {
  return status === 'failed' && outcome !== null;
}

function endOf({ exit_code: exitCode, signal, outcome }: StageRecord): string {
  if (outcome === 'timed-out') return 'which took too long';
  if (outcome === 'silent') return 'which went silent';
  if (outcome === 'spawn-failed') return 'whose command could not be started';
  if (signal !== null) return `which was ended by ${signal}`;
  return exitCode === null ? 'which did not pass' : `with exit code ${exitCode}`;
}

function notableFact({ id, status, attempts, reason }: StageRecord): string[] {
  if (status === 'succeeded' && attempts > 1) return [`${id} passed at attempt ${attempts}`];
  if (status === 'skipped' && reason !== null) return [`${id} was allowed to fail`];
  return [];
}

function namesOf(stages: readonly StageRecord[]): string {
  const names = stages.slice(0, MAX_NAMES).map(({ id }) => id);
  const more = stages.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
