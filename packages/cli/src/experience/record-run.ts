import type {
  ExperienceInput,
  ExperienceStore,
  OutcomeNote,
  RecordReference,
  Reward,
  RunUse,
} from '@codex-orchestrator/experience-store';
import type { Manifest, RunLayout } from '@codex-orchestrator/manifest';

import type { Io } from '../io.js';
import { readAgentUsage } from '../metrics/read-usage.js';
import { toolMembers } from '../metrics/tool-stats.js';
import type { Workspace } from '../workspace.js';
import { earlierRuns, judgeLesson, rewardOf } from './experience-store.js';
import { lessonsOfFindings } from './findings-of-run.js';
import { isRecorded } from './is-recorded.js';
import { domainFor, tellingStage } from './lesson-of-run.js';
import type { LessonRule } from './lesson-of-run.js';
import { readLastRuns } from './read-last-runs.js';
import { readLesson } from './read-lesson.js';

export interface RecordRequest {
  /** The run as it ended. */
  readonly end: Manifest;
  readonly layout: RunLayout;
  /** Undefined for a run that only had experiences of others. */
  readonly rule: LessonRule | undefined;
  /** Whether somebody else may have recorded the same end already. */
  readonly isRepeat: boolean;
  readonly workspace: Workspace;
  readonly io: Pick<Io, 'clock' | 'env'>;
}

/**
 * Records what a run teaches, and for the experiences that it was given whether they helped.
 *
 * @returns why something was not recorded, one sentence each
 * @throws ExperienceError; what `readLesson` throws
 */
export async function recordRun(
  request: RecordRequest,
  store: ExperienceStore,
  redact: (text: string) => string,
): Promise<readonly string[]> {
  if (request.isRepeat && (await isRecorded(request.end, request.workspace))) return [];
  const problems: string[] = [];
  const inputs = await describeRun(request, redact, problems);
  if (inputs.length > 0) {
    const { layout } = request;
    const manifestPath = layout.relative(layout.manifestPath);
    await store.recordBatch(inputs, { durability: 'power', manifestPath });
  }
  const note = outcomeOf(request);
  if (note !== undefined) await store.addNotes(note.taskId, [note], { durability: 'power' });
  return problems;
}

/** One experience of the run itself, and one of each hotspot that an agent loop reported. */
async function describeRun(
  request: RecordRequest,
  redact: (text: string) => string,
  problems: string[],
): Promise<readonly ExperienceInput[]> {
  const { end, layout, rule } = request;
  const reward = rule && (await rewardFor(request));
  if (rule === undefined || reward === undefined) return [];
  const lesson = readLesson(end, rule, request);
  const lessons = [
    ...(lesson === undefined ? [] : [lesson]),
    ...(await lessonsOfFindings(end, layout, request.workspace)),
  ].filter((text) => isWorthIt(text, request, { redact, problems }));
  if (lessons.length === 0) return [];
  const shared = await sharedMembers(request, rule);
  return lessons.map((summary) => ({ ...shared, summary, reward }));
}

interface Gate {
  readonly redact: (text: string) => string;
  readonly problems: string[];
}

function isWorthIt(
  lesson: string,
  { end, layout }: RecordRequest,
  { redact, problems }: Gate,
): boolean {
  const verdict = judgeLesson(lesson, {
    runId: end.run_id,
    evidence: evidenceOf(end, layout),
    hasSecret: (text) => redact(text) !== text,
  });
  if (verdict.ok) return true;
  problems.push(`run ${end.run_id} left no experience (${verdict.rule}): ${verdict.reason}`);
  return false;
}

/** What every experience of a run says, whatever its lesson is. */
async function sharedMembers(
  { end, layout }: RecordRequest,
  rule: LessonRule,
): Promise<Omit<ExperienceInput, 'reward' | 'summary'>> {
  const { usage } = await readAgentUsage(end, layout);
  const domain = domainFor(end, rule);
  return {
    runId: end.run_id,
    taskId: end.task_id,
    epoch: numberOption(end, 'tfgrpo_epoch'),
    groupId: textOption(end, 'tfgrpo_group_id'),
    toolStats: (toolMembers(end.commands, usage).tool_stats ?? []).map((stat) => ({
      tool: stat.tool,
      tokens: stat.tokens ?? 0,
      latencyMs: stat.latency_ms ?? 0,
      costUsd: stat.cost_usd ?? 0,
    })),
    stampSignature: end.prompt_packs?.find((pack) => pack.domain === domain)?.stamp ?? null,
    domain,
    stageId: tellingStage(end)?.id ?? null,
    evidence: evidenceOf(end, layout),
    source: 'rule',
  };
}

/** The end that the journal had then: it stays in the chain, whatever attempts follow. */
function evidenceOf({ journal }: Manifest, layout: RunLayout): ExperienceInput['evidence'] {
  return journal && { path: layout.relative(layout.manifestPath), sha256: journal.head };
}

async function rewardFor({ end, workspace }: RecordRequest): Promise<Reward | undefined> {
  const { status } = end;
  if (status !== 'succeeded' && status !== 'failed') return undefined;
  const earlier = earlierRuns(await readLastRuns(end, workspace));
  return rewardOf({ outcome: status, earlier });
}

function outcomeOf({ end, io }: RecordRequest): OutcomeNote | undefined {
  const used = (end.prompt_packs ?? []).flatMap(({ domain, experience_ids: ids = [] }) =>
    ids.map((id): RecordReference => ({ id, domain })),
  );
  if (used.length === 0) return undefined;
  const outcome: RunUse =
    end.status === 'succeeded' ? 'helped' : end.status === 'failed' ? 'harmed' : 'neutral';
  return {
    note: 'outcome',
    taskId: end.task_id,
    createdAt: new Date(io.clock.nowMs()).toISOString(),
    runId: end.run_id,
    attempt: end.attempt,
    outcome,
    used: distinct(used),
  };
}

/** Two packs of one domain can have the same experiences: it went into the run once. */
function distinct(references: readonly RecordReference[]): RecordReference[] {
  return [...new Map(references.map((each) => [`${each.id} ${each.domain}`, each])).values()];
}

function numberOption({ options }: Manifest, name: string): number | null {
  const value = options[name];
  return typeof value === 'number' ? value : null;
}

function textOption({ options }: Manifest, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}
