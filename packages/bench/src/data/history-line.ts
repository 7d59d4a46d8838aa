import {
  inserted,
  instanceStatsOf,
  learningOf,
  memoryOf,
  ownFieldsOf,
  privacyOf,
  stagesOf,
  usageOf,
} from './history-members.js';
import { fileTime, isoTime } from './iso-time.js';
import { createDraws } from './seeded-draws.js';
import type { SeededDraws } from './seeded-draws.js';

export interface HistoryLineOptions {
  /**
   * Which writer of the format a line looks like. `peer`: the fields that the npm program
   * `@kbediako/codex-orchestrator` writes, in its order. `own`: those and the ones that this program adds.
   *
   * @default 'peer'
   */
  readonly shape?: 'peer' | 'own';
  /** @default 1 */
  readonly seed?: number;
}

/** The entry of one run as it is in a line, its members in the order in which they are written. */
export type HistoryEntry = Readonly<Record<string, unknown>>;

/** Raise it when other lines come of the same options. */
export const historyLineVersion = 1;

/** The task whose runs histories tell of. */
export const historyTaskId = 'task-0930';

/**
 * One line of a task's `metrics.json`, without its newline, as two writers of the format write it: 1.7 KB,
 * or 2.5 KB with `own`. The same seed and index give the same bytes on every machine and every Node, and a
 * line depends on its index alone. All fifty epochs and all twelve tools occur from the first thousand
 * lines on: what grows with the history is the history.
 */
export function historyLine(index: number, options?: HistoryLineOptions): string {
  return JSON.stringify(historyEntry(index, options));
}

/** What `historyLine` writes. */
export function historyEntry(
  index: number,
  { shape = 'peer', seed = 1 }: HistoryLineOptions = {},
): HistoryEntry {
  const random = createDraws(seed, index);
  const owner = runOf(index, random);
  const runId = runIdAt(owner, seed);
  const startedMs = startOf(index, random);
  const seconds =
    random.below(20) === 0 ? 200 + random.below(900_000) / 1000 : random.below(90_000) / 1000;
  const status = pickStatus(random);
  const run = { random, runId, task: historyTaskId, startedMs, seconds, status, index };
  const stages = stagesOf(run);
  const endedMs = startedMs + Math.round(seconds * 1000);
  const entry = {
    run_id: runId,
    task_id: historyTaskId,
    pipeline_id: random.pick(pipelineIds),
    status,
    started_at: isoTime(startedMs),
    completed_at: isoTime(endedMs),
    duration_seconds: random.below(200) === 0 ? null : seconds,
    commands_passed: stages.filter((stage) => stage.status === 'succeeded').length,
    commands_failed: stages.filter((stage) => stage.status === 'failed').length,
    guardrails_present: random.below(3) > 0,
    recorded_at: isoTime(endedMs + 7),
    artifact_path: `.runs/${historyTaskId}/cli/${runId}`,
    child_runs: random.below(8) === 0 ? random.below(4) : 0,
    control_plane_status: random.below(25) === 0 ? 'unknown' : 'passed',
    scheduler_mode: 'multi-instance',
    instance_stats: instanceStatsOf(run),
    ...privacyOf(run, shape, stages),
    ...(shape === 'peer' && random.below(50) === 0 && { memory: memoryOf(run) }),
    handle_count: stages.length,
    ...usageOf(run),
    ...learningOf(run),
  };
  if (shape === 'peer') return entry;
  return inserted(entry, ownFieldsOf(run, stages, index === owner ? 1 : 1 + random.below(2)));
}

/**
 * The same with only what is counted in most aggregates, some 240 bytes: so a large number of lines is
 * not a large number of bytes.
 */
export function compactHistoryLine(index: number, seed: number): string {
  const random = createDraws(seed, index);
  const runId = runIdAt(runOf(index, random), seed);
  const startedMs = startOf(index, random);
  const ms = random.below(90_000);
  const status = pickStatus(random);
  const epoch = random.below(10) < 6 ? 1 + random.below(50) : null;
  const tokens = random.below(6000);
  const recordedAt = isoTime(startedMs + ms + 7);
  return `{"run_id":"${runId}","pipeline_id":"${random.pick(pipelineIds)}","status":"${status}","duration_seconds":${ms / 1000},"recorded_at":"${recordedAt}","tfgrpo_epoch":${epoch},"tool_calls":1,"token_total":${tokens}}`;
}

const firstRunMs = Date.UTC(2026, 0, 5, 6, 0, 0);
const pipelineIds = [
  ...['diagnostics', 'implementation-gate', 'docs-review'],
  ...['design-reference', 'frontend-testing', 'exec'],
] as const;

/**
 * The run that line `index` tells of: itself, or in one line of a hundred an earlier one, half of these
 * near and half anywhere before.
 */
function runOf(index: number, random: SeededDraws): number {
  const repeat = random.below(200);
  if (repeat > 1 || index === 0) return index;
  const back = repeat === 0 ? 1 + random.below(Math.min(20, index)) : 1 + random.below(index);
  return index - back;
}

function runIdAt(index: number, seed: number): string {
  const random = createDraws(seed ^ 0x5bd1e995, index);
  return `${fileTime(startOf(index, random))}-${random.hex(8)}`;
}

function startOf(index: number, random: SeededDraws): number {
  return firstRunMs + index * 97_000 + random.below(40_000);
}

function pickStatus(random: SeededDraws): string {
  const draw = random.below(100);
  if (draw < 88) return 'succeeded';
  return draw < 98 ? 'failed' : 'cancelled';
}
