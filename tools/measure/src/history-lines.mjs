/**
 * Lines of a task's `metrics.json` as two writers of the format write them, made from a seed: the same
 * seed and index give the same bytes on every Node, and a shorter history is the beginning of a longer
 * one. No clock, locale or `Math.random`, and only arithmetic that IEEE 754 fixes.
 *
 * A line depends on its index alone, so that lines can be made from anywhere. All fifty epochs and all
 * twelve tools occur from the first thousand lines on: what grows with the history is the history.
 */

/**
 * @typedef {object} LineOptions
 * @property {'peer' | 'own'} [shape] `peer` (the default): the fields that the npm program
 *   `@kbediako/codex-orchestrator` writes, in its order. `own`: those and the ones that this program adds.
 * @property {number} [seed] 1 by default.
 */

/** Raise it when other lines come of the same options. */
export const lineVersion = 1;

const firstRunMs = Date.UTC(2026, 0, 5, 6, 0, 0);
const epochs = 50;
const tools = [
  ...['cli:command', 'cli:exec', 'browser:navigate', 'apply_patch', 'shell', 'web.search'],
  ...['file.read', 'file.write', 'tests:unit', 'tests:e2e', 'review:diff', 'docs:lookup'],
];
const pipelineIds = [
  ...['diagnostics', 'implementation-gate', 'docs-review'],
  ...['design-reference', 'frontend-testing', 'exec'],
];
const stageIds = ['delegation', 'build', 'lint', 'test', 'spec-guard', 'docs-check'];
const capabilities = ['general', 'ts', 'docs', 'ops'];
const machine = {
  id: 'c0ffee5e1f00d5ee',
  cpus: 8,
  cpu_model: 'AMD EPYC 7B13',
  memory_mb: 32_103,
  os: 'linux 6.8.0',
  arch: 'x64',
  node: 'v20.20.2',
};
const titles = ['Überblick', 'データ検証', 'naïve café', 'Проверка', 'done ✅', 'a “quoted” b'];

/**
 * The entry of one run as an object, its members in the order in which they are written.
 *
 * @param {number} index
 * @param {LineOptions} [options]
 */
export function entryAt(index, { shape = 'peer', seed = 1 } = {}) {
  const random = createRandom(seed, index);
  const owner = runOf(index, random);
  const runId = runIdAt(owner, seed);
  const task = 'task-0930';
  const startedMs = firstRunMs + index * 97_000 + random.below(40_000);
  const seconds =
    random.below(20) === 0 ? 200 + random.below(900_000) / 1000 : random.below(90_000) / 1000;
  const status = pickStatus(random);
  const common = { random, runId, task, startedMs, seconds, status, index };
  const stages = stagesOf(common);
  const entry = {
    run_id: runId,
    task_id: task,
    pipeline_id: random.pick(pipelineIds),
    status,
    started_at: isoTime(startedMs),
    completed_at: isoTime(startedMs + Math.round(seconds * 1000)),
    duration_seconds: random.below(200) === 0 ? null : seconds,
    commands_passed: stages.filter((stage) => stage.status === 'succeeded').length,
    commands_failed: stages.filter((stage) => stage.status === 'failed').length,
    guardrails_present: random.below(3) > 0,
    recorded_at: isoTime(startedMs + Math.round(seconds * 1000) + 7),
    artifact_path: `.runs/${task}/cli/${runId}`,
    child_runs: random.below(8) === 0 ? random.below(4) : 0,
    control_plane_status: random.below(25) === 0 ? 'unknown' : 'passed',
    scheduler_mode: 'multi-instance',
    instance_stats: instanceStatsOf(common),
    ...privacyOf(common, shape, stages),
    ...(shape === 'peer' && random.below(50) === 0 && { memory: memoryOf(common) }),
    handle_count: stages.length,
    ...usageOf(common),
    ...learningOf(common),
  };
  if (shape === 'peer') return entry;
  return inserted(entry, ownFieldsOf(common, stages, index === owner ? 1 : 1 + random.below(2)));
}

/** The entry with each group of fields behind the member that the group is named after. */
function inserted(entry, groups) {
  const all = {};
  for (const [key, value] of Object.entries(entry))
    Object.assign(all, { [key]: value }, groups[key]);
  return all;
}

/**
 * @param {number} index
 * @param {LineOptions} [options]
 * @returns {string} One line without its newline.
 */
export function lineAt(index, options) {
  return JSON.stringify(entryAt(index, options));
}

/**
 * The run that line `index` tells of: itself, or in one line of a hundred an earlier one, half of these
 * near and half anywhere before.
 */
function runOf(index, random) {
  const repeat = random.below(200);
  if (repeat > 1 || index === 0) return index;
  const back = repeat === 0 ? 1 + random.below(Math.min(20, index)) : 1 + random.below(index);
  return index - back;
}

function runIdAt(index, seed) {
  const random = createRandom(seed ^ 0x5bd1e995, index);
  const time = isoTime(firstRunMs + index * 97_000 + random.below(40_000)).replace(/[:.]/g, '-');
  return `${time}-${random.hex(8)}`;
}

function pickStatus(random) {
  const draw = random.below(100);
  if (draw < 88) return 'succeeded';
  return draw < 98 ? 'failed' : 'cancelled';
}

function stagesOf({ random, status, seconds }) {
  const count = 1 + random.below(4);
  const first = random.below(stageIds.length);
  return Array.from({ length: count }, (_, at) => ({
    id: stageIds[(first + at) % stageIds.length],
    status: at === count - 1 && status !== 'succeeded' ? 'failed' : 'succeeded',
    duration_seconds: Math.round((seconds * 1000) / count) / 1000,
    attempts: random.below(30) === 0 ? 2 : 1,
  }));
}

function instanceStatsOf({ random, task }) {
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

function privacyOf({ random, runId, task, startedMs, index }, shape, stages) {
  const handle = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-9${random.hex(3)}-${random.hex(12)}`;
  const count = shape === 'peer' ? random.below(2) : stages.length;
  const events = Array.from({ length: count }, (_, at) => ({
    handle_id: handle,
    sequence: at + 1,
    action: shape === 'own' && random.below(60) === 0 ? 'redact' : 'allow',
    rule: null,
    reason: reasonOf(random, index),
    timestamp: isoTime(startedMs + 40 * (at + 1)),
    stage_id: shape === 'peer' ? random.pick(stageIds) : stages[at].id,
    ...(shape === 'own' && { count: 1 + random.below(40) }),
  }));
  return {
    privacy_mode: shape === 'peer' ? 'shadow' : 'enforce',
    privacy_log_path: `.runs/${task}/cli/${runId}/privacy-decisions.ndjson`,
    privacy_event_count: events.length,
    privacy_events: events,
  };
}

/** Text beyond ASCII, in about one line of forty. */
function reasonOf(random, index) {
  return random.below(20) === 0 ? titles[index % titles.length] : null;
}

function memoryOf({ random, runId, task, startedMs }) {
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
function usageOf({ random }) {
  const inEpoch = random.below(10) < 6;
  const first = random.below(tools.length);
  const used = Array.from({ length: inEpoch ? 2 + random.below(4) : 0 }, (_, at) => {
    const tokens = random.below(6000);
    return {
      tool: tools[(first + at * 5) % tools.length],
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

function learningOf({ random }) {
  const learns = random.below(4) === 0;
  const validation = [
    'validated',
    'validated',
    'snapshot_failed',
    'stalled_snapshot',
    'needs_manual_scenario',
  ];
  const snapshot = ['captured', 'captured', 'snapshot_failed', 'stalled_snapshot'];
  return {
    learning_validation_status: learns ? random.pick(validation) : 'pending',
    learning_snapshot_status: learns ? random.pick(snapshot) : null,
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
function ownFieldsOf({ random, seconds, runId }, stages, attempt) {
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

/** The same text as `new Date(ms).toISOString()`, which took most of the time of a line. */
function isoTime(ms) {
  const day = Math.floor(ms / 86_400_000);
  if (day !== lastDay.day) {
    lastDay = { day, text: new Date(day * 86_400_000).toISOString().slice(0, 11) };
  }
  const rest = ms - day * 86_400_000;
  const seconds = Math.floor(rest / 1000);
  return `${lastDay.text}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(rest % 1000).padStart(3, '0')}Z`;
}

let lastDay = { day: -1, text: '' };

function two(value) {
  return value < 10 ? `0${value}` : String(value);
}

/** Mulberry32, begun anew for each line. @returns draws that are the same on every Node */
export function createRandom(seed, index) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  state ^= state >>> 15;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (bound) => next() % bound;
  return {
    /** A whole number from 0 to below `bound`. */
    below,
    pick: (values) => values[below(values.length)],
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += next().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}
