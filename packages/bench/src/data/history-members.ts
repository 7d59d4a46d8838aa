import { isoTime } from './iso-time.js';
import type { SeededDraws } from './seeded-draws.js';

/** The run that an entry is about. */
export interface DrawnRun {
  readonly random: SeededDraws;
  readonly runId: string;
  readonly task: string;
  readonly startedMs: number;
  readonly seconds: number;
  readonly status: string;
  readonly index: number;
}

interface DrawnStage {
  readonly id: string;
  readonly status: string;
  readonly duration_seconds: number;
  readonly attempts: number;
}

export function stagesOf({ random, status, seconds }: DrawnRun): readonly DrawnStage[] {
  const count = 1 + random.below(4);
  const first = random.below(stageIds.length);
  return Array.from({ length: count }, (_, at) => ({
    id: around(stageIds, first + at),
    status: at === count - 1 && status !== 'succeeded' ? 'failed' : 'succeeded',
    duration_seconds: Math.round((seconds * 1000) / count) / 1000,
    attempts: random.below(30) === 0 ? 2 : 1,
  }));
}

export function instanceStatsOf({ random, task }: DrawnRun): readonly object[] {
  if (random.below(33) === 0) return [];
  return Array.from({ length: random.below(5) === 0 ? 2 : 1 }, (_, at) => {
    const capability = random.pick(capabilities);
    return {
      instance_id: `${task}-${capability}-0${at + 1}`,
      capability,
      status: 'assigned',
      attempts: random.below(20) === 0 ? 2 : 1,
      recovery_events: random.below(40) === 0 ? 1 : 0,
    };
  });
}

export function privacyOf(
  { random, runId, task, startedMs, index }: DrawnRun,
  shape: 'peer' | 'own',
  stages: readonly DrawnStage[],
): object {
  const handle = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-9${random.hex(3)}-${random.hex(12)}`;
  const count = shape === 'peer' ? random.below(2) : stages.length;
  const events = Array.from({ length: count }, (_, at) => ({
    handle_id: handle,
    sequence: at + 1,
    action: shape === 'own' && random.below(60) === 0 ? 'redact' : 'allow',
    rule: null,
    reason: reasonOf(random, index),
    timestamp: isoTime(startedMs + 40 * (at + 1)),
    stage_id: shape === 'peer' ? random.pick(stageIds) : stages[at]?.id,
    ...(shape === 'own' && { count: 1 + random.below(40) }),
  }));
  return {
    privacy_mode: shape === 'peer' ? 'shadow' : 'enforce',
    privacy_log_path: `.runs/${task}/cli/${runId}/privacy-decisions.ndjson`,
    privacy_event_count: events.length,
    privacy_events: events,
  };
}

export function memoryOf({ random, runId, task, startedMs }: DrawnRun): object {
  const object = `sha256:${random.hex(32)}${random.hex(32)}`;
  const folder = `.runs/${task}/cli/${runId}/memory/source-0`;
  return {
    recorded_at: isoTime(startedMs + 300),
    selected_memory: {
      selection: 'root',
      pointer: `ctx:${object}#chunk:c000001`,
      object_id: object,
      dir_path: folder,
      index_path: `${folder}/index.json`,
      created_at: isoTime(startedMs + 20),
      origin: { run_id: runId, task_id: task },
      inherited_from: null,
    },
    counters: { contradiction_count: 0, resume_latency_ms: null, retrieval_hits: random.below(9) },
  };
}

/** Six lines of ten lie in an epoch and have two to five tools; the others have neither. */
export function usageOf({ random }: DrawnRun): object {
  const inEpoch = random.below(10) < 6;
  const first = random.below(tools.length);
  const used = Array.from({ length: inEpoch ? 2 + random.below(4) : 0 }, (_, at) => {
    const tokens = random.below(6000);
    return {
      tool: around(tools, first + at * 5),
      tokens,
      cost_usd: (tokens * 2) / 1_000_000,
      latency_ms: random.below(4000),
      attempts: 1,
      status: random.below(15) === 0 ? 'failed' : 'succeeded',
      sandbox_state: 'sandboxed',
    };
  });
  const tokens = used.reduce((sum, each) => sum + each.tokens, 0);
  const group = 1 + random.below(8);
  return {
    tfgrpo_epoch: inEpoch ? 1 + random.below(epochs) : null,
    tfgrpo_group_id: inEpoch ? `group-${group}` : null,
    tfgrpo_group_size: inEpoch ? 2 + random.below(7) : null,
    tool_calls: used.length,
    token_total: tokens,
    cost_usd: (tokens * 2) / 1_000_000,
    latency_ms: used.reduce((sum, each) => sum + each.latency_ms, 0),
    tool_stats: used,
  };
}

export function learningOf({ random }: DrawnRun): object {
  const learns = random.below(4) === 0;
  return {
    learning_validation_status: learns ? random.pick(validationStatuses) : 'pending',
    learning_snapshot_status: learns ? random.pick(snapshotStatuses) : null,
    learning_scenario_status: learns ? 'synthesized' : null,
    learning_crystalizer_status: learns ? 'succeeded' : null,
    learning_alerts: learns ? random.below(3) : 0,
    learning_group_id: learns ? `learning-${random.below(30)}` : null,
    learning_review_rejections: learns ? random.below(3) : 0,
    learning_review_latency_ms: learns ? random.below(90_000) + random.below(1000) / 1000 : null,
    learning_regressions_detected: learns && random.below(10) === 0 ? 1 : 0,
    learning_pattern_promoted: learns ? random.below(2) : 0,
    learning_pattern_deprecated: learns && random.below(6) === 0 ? 1 : 0,
    learning_throughput_candidates: learns ? random.below(2) : 0,
  };
}

/** What this program adds, by the member behind which it writes it. */
export function ownFieldsOf(
  { random, seconds, runId }: DrawnRun,
  stages: readonly DrawnStage[],
  attempt: number,
): Readonly<Record<string, object>> {
  const parent = random.below(12) === 0 ? `parent-of-${runId}` : null;
  return {
    run_id: { attempt, parent_run_id: parent },
    duration_seconds: {
      active_seconds: seconds,
      gap_seconds: random.below(30) === 0 ? random.below(600_000) / 1000 : 0,
    },
    commands_failed: { stages },
    learning_throughput_candidates: {
      manifest_writes: 2 + random.below(4),
      manifest_bytes: 6000 + random.below(20_000),
      wait_ms: random.below(50) / 10,
      machine,
      tool_version: '0.1.0',
    },
  };
}

/** The entry with each group of fields behind the member that the group is named after. */
export function inserted(
  entry: object,
  groups: Readonly<Record<string, object>>,
): Readonly<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    Object.assign(all, { [key]: value as unknown }, groups[key]);
  }
  return all;
}

/** Text beyond ASCII, in about one line of forty. */
function reasonOf(random: SeededDraws, index: number): string | null {
  return random.below(20) === 0 ? around(titles, index) : null;
}

function around(names: readonly string[], index: number): string {
  return names[index % names.length] ?? '';
}

const epochs = 50;
const tools = [
  ...['cli:command', 'cli:exec', 'browser:navigate', 'apply_patch', 'shell', 'web.search'],
  ...['file.read', 'file.write', 'tests:unit', 'tests:e2e', 'review:diff', 'docs:lookup'],
];
const stageIds = ['delegation', 'build', 'lint', 'test', 'spec-guard', 'docs-check'];
const capabilities = ['general', 'ts', 'docs', 'ops'];
const validationStatuses = [
  ...['validated', 'validated', 'snapshot_failed'],
  ...['stalled_snapshot', 'needs_manual_scenario'],
];
const snapshotStatuses = ['captured', 'captured', 'snapshot_failed', 'stalled_snapshot'];
const titles = ['Überblick', 'データ検証', 'naïve café', 'Проверка', 'done ✅', 'a “quoted” b'];
const machine = {
  id: 'c0ffee5e1f00d5ee',
  cpus: 8,
  cpu_model: 'AMD EPYC 7B13',
  memory_mb: 32_103,
  os: 'linux 6.8.0',
  arch: 'x64',
  node: 'v20.20.2',
};
