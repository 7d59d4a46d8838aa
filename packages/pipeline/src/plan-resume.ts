import { basename } from 'node:path';

import type { Manifest, MovedFile, RunLayout, StageRecord } from '@codex-orchestrator/manifest';

import { definitionHash } from './definition-hash.js';
import { lookThrough } from './look-through.js';
import type { LoopTrace } from './loop-history.js';
import { mayFail } from './plan.js';
import type { Plan, PlannedStage } from './plan.js';
import { findDrift } from './plan-drift.js';
import { allowedFailure } from './stage-end.js';
import { filesOfStage } from './stage-files.js';

/**
 * `resume` keeps what has passed. `retry-failed` also runs again what failed and was allowed to.
 * `retry-all` keeps nothing.
 */
export type ResumeMode = 'resume' | 'retry-all' | 'retry-failed';

/** What the record says that decides how it can be gone on with. */
export type ResumableRun = Pick<Manifest, 'attempt' | 'commands' | 'pipeline_id'>;

/** What decides which stages run again, besides the record and the plan. */
export interface ResumeFacts {
  readonly mode: ResumeMode;
  /** Whether a failure leaves alone what does not depend on it. */
  readonly keepGoing: boolean;
  /** Digests of the inputs as they are now, by stage id; null where they cannot be read. */
  readonly inputsHashes: ReadonlyMap<string, string | null>;
  /** What earlier attempts wrote, relative to the run's folder. */
  readonly files: readonly string[];
  /** The same of their loop. */
  readonly loopFiles: readonly string[];
  /** Loops as far as they have come, by the ids of their stages. */
  readonly loops: ReadonlyMap<string, LoopTrace>;
  readonly layout: RunLayout;
}

/** How a further attempt goes on where the last one ended. */
export interface ResumePlan {
  /** Ids of the stages whose end stands. */
  readonly kept: readonly string[];
  /** The others that had been begun, and why they run again. */
  readonly reset: readonly { readonly id: string; readonly reason: string }[];
  /** The loops among them that go on where they were; all others begin anew. */
  readonly continued: ReadonlyMap<string, LoopTrace>;
  /** What differs from the plan that the run was started with, one sentence each. */
  readonly drift: readonly string[];
  /** Files of stages that run again or are gone, out of the way of the new attempt. */
  readonly moved: readonly MovedFile[];
}

/**
 * Decides what a further attempt runs. Stages are the same if their ids are. The end of one stands only
 * if it has passed, its definition and its inputs are as they were, and all that it stands on is kept.
 * Gates always run again: they judge what is there, which is something else after a failure was mended.
 */
export function planResume(manifest: ResumableRun, plan: Plan, facts: ResumeFacts): ResumePlan {
  const reasons = findReasons(manifest, plan, facts);
  const kept = plan.stages.map(({ id }) => id).filter((id) => reasons.get(id) === undefined);
  const isKept = new Set(kept);
  const continued = findContinued(manifest, plan, { ...facts, isKept });
  const begun = new Set(manifest.commands.filter(wasBegun).map(({ id }) => id));
  return {
    kept,
    reset: plan.stages
      .filter(({ id }) => begun.has(id) && !isKept.has(id))
      .map(({ id }) => ({ id, reason: reasons.get(id) ?? '' })),
    continued,
    drift: findDrift(manifest, plan),
    moved: manifest.commands
      .filter(({ id }) => !isKept.has(id))
      .flatMap((stage) => [
        ...filesOfStage(facts.files, stage, facts.layout),
        ...(stage.kind === 'rlm' ? unvouchedFiles(facts.loopFiles, continued) : []),
      ])
      .map((from) => ({ from, to: `attempts/${manifest.attempt}/${from}` })),
  };
}

/**
 * A loop goes on if that is asked for and it has not come to a good end: one that had, and runs again for
 * another reason, has something else to work on.
 */
function findContinued(
  { commands }: ResumableRun,
  { stages }: Plan,
  { loops, isKept, mode }: ResumeFacts & { readonly isKept: ReadonlySet<string> },
): ReadonlyMap<string, LoopTrace> {
  const passed = new Set(
    commands.filter((stage) => hasPassedBefore(stage, mode)).map(({ id }) => id),
  );
  const isOpen = ({ kind, id }: PlannedStage): boolean =>
    kind === 'rlm' && mode === 'resume' && !isKept.has(id) && !passed.has(id);
  return new Map(
    stages.filter(isOpen).flatMap(({ id }) => {
      const trace = loops.get(id);
      return trace ? [[id, trace]] : [];
    }),
  );
}

/** What no iteration that counts has named: half an iteration, and what a loop writes at its end. */
function unvouchedFiles(
  files: readonly string[],
  continued: ReadonlyMap<string, LoopTrace>,
): readonly string[] {
  const traces = [...continued.values()];
  return files.filter((path) => !traces.some((trace) => trace.files.has(path)));
}

/** Whether the end of a stage lets others run that need it. */
export function hasPassedBefore({ status, reason }: StageRecord, mode: ResumeMode): boolean {
  if (mode === 'retry-all') return false;
  if (status === 'succeeded') return true;
  return mode === 'resume' && status === 'skipped' && reason === allowedFailure;
}

function wasBegun({ started_at }: StageRecord): boolean {
  return started_at !== null;
}

/** Why each stage runs again; undefined for those that are kept. */
function findReasons(
  manifest: ResumableRun,
  plan: Plan,
  facts: ResumeFacts,
): ReadonlyMap<string, string | undefined> {
  const before = new Map(manifest.commands.map((stage) => [stage.id, stage]));
  const reasons = new Map<string, string | undefined>();
  const stages = new Map(plan.stages.map((stage) => [stage.id, stage]));
  const stageFacts = { ...facts, stages, taken: logNames(plan, facts.layout) };
  const reasonOf = (id: string): string | undefined => {
    if (reasons.has(id)) return reasons.get(id);
    const stage = stages.get(id);
    const reason =
      stage &&
      (ownReason(stage, before.get(id), stageFacts) ??
        needReason(standsOn(stage, plan, stageFacts).find((need) => reasonOf(need) !== undefined)));
    reasons.set(id, reason);
    return reason;
  };
  for (const { id } of plan.stages) reasonOf(id);
  return reasons;
}

function needReason(need: string | undefined): string | undefined {
  return need === undefined ? undefined : `it needs '${need}', which is to run`;
}

/**
 * What has to be kept for a stage to be kept. A gate hands nothing on that others could build on: who
 * needs one stands on what the gate does.
 */
function standsOn(
  stage: PlannedStage,
  plan: Plan,
  { keepGoing, stages }: StageFacts,
): readonly string[] {
  return lookThrough(needsOf(stage, plan, keepGoing), (id) => {
    const need = stages.get(id);
    return need?.kind === 'gate' ? needsOf(need, plan, keepGoing) : undefined;
  });
}

/**
 * As written one after the other, a stage needs those before it, unless a failure of theirs would not
 * have kept it from running.
 */
function needsOf(
  { index, needs }: PlannedStage,
  { order, stages }: Plan,
  keepGoing: boolean,
): readonly string[] {
  if (order === 'graph') return needs;
  if (keepGoing) return [];
  const nearest = stages.findLast((stage) => stage.index < index && !mayFail(stage));
  return nearest ? [nearest.id] : [];
}

interface StageFacts extends ResumeFacts {
  /** Those of the plan, by their ids. */
  readonly stages: ReadonlyMap<string, PlannedStage>;
  /** Which stage of the plan writes which log. */
  readonly taken: ReadonlyMap<string, string>;
}

function ownReason(
  stage: PlannedStage,
  before: StageRecord | undefined,
  facts: StageFacts,
): string | undefined {
  if (!before || !wasBegun(before)) return 'it has not run';
  if (facts.mode === 'retry-all') return 'everything runs again';
  if (!hasPassedBefore(before, facts.mode)) return describeEnd(before);
  if (before.definition_hash === null) return 'its definition is not recorded';
  if (before.definition_hash !== definitionHash(stage)) return 'its definition changed';
  const owner = before.log_path === null ? undefined : facts.taken.get(basename(before.log_path));
  if (owner !== undefined && owner !== stage.id) return `its files are in the way of '${owner}'`;
  if (stage.kind === 'gate') return 'a gate judges what is there now';
  return inputsReason(stage, before, facts);
}

function inputsReason(
  stage: PlannedStage,
  { inputs_hash }: StageRecord,
  { inputsHashes }: StageFacts,
): string | undefined {
  if (stage.kind !== 'command' || stage.inputs.length === 0) return undefined;
  const now = inputsHashes.get(stage.id) ?? null;
  if (now === null) return 'its inputs cannot be read';
  if (inputs_hash === null) return 'its inputs are not recorded';
  return inputs_hash === now ? undefined : 'its inputs changed';
}

function describeEnd({ status, reason }: StageRecord): string {
  switch (status) {
    case 'failed':
      return 'it failed';
    case 'cancelled':
      return 'it was cancelled';
    case 'interrupted':
      return 'it was running when its runner died';
    case 'skipped':
      return reason === allowedFailure ? 'it failed, which was allowed' : 'it was skipped';
    case 'pending':
    case 'running':
    case 'succeeded':
      return 'it has no end';
  }
}

function logNames(plan: Plan, layout: RunLayout): ReadonlyMap<string, string> {
  return new Map(
    plan.stages.map(({ index, id }) => [basename(layout.stageLogPath(index, id)), id]),
  );
}
