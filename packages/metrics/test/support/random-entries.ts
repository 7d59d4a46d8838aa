import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';

type Entry = Record<string, unknown>;

export interface RandomEntriesOptions {
  /** Whether members are sometimes of any other type. */
  readonly hostile?: boolean;
  /** Whether runs come again, as repeats and as later attempts. */
  readonly repeats?: boolean;
}

/** Parsed lines of a history, the same for the same seed. */
export function randomEntries(
  seed: number,
  count: number,
  { hostile = true, repeats = true }: RandomEntriesOptions = {},
): unknown[] {
  const random = createSeededRandom(seed);
  const entries: unknown[] = [];
  for (let at = 0; at < count; at += 1) {
    const owner = repeats && random.next() < 0.25 ? random.integer(0, at) : at;
    const entry = randomEntry(random, `run-${owner}`);
    if (hostile && random.next() < 0.3) spoil(entry, random);
    entries.push(hostile && random.next() < 0.02 ? random.pick(strangers) : entry);
  }
  return entries;
}

export function segmentOf(entries: readonly unknown[]): Buffer {
  return Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

const strangers = [
  null,
  [],
  'text',
  7,
  {},
  [{ run_id: 'a', status: 'b', recorded_at: 'c' }],
] as const;
const tools = ['shell', 'search', 'edit', 'browser', '__proto__', 'constructor'] as const;
const stages = ['build', 'lint', 'test', 'review', 'hasOwnProperty'] as const;
const statuses = ['succeeded', 'succeeded', 'failed', 'cancelled', 'odd'] as const;
const odd = [
  ...[null, true, '12', '', [], {}, [null], -1, 0, 1e308, -1e308, 5e-324, 1e-7, 2 ** 53, 0.1 + 0.2],
  ...['unknown', [null, 3, { tool: 4 }, { id: '' }], { toString: 1 }, 1e21, 123_456.789_012_3],
] as const;

function randomEntry(random: SeededRandom, runId: string): Entry {
  const maybe = (chance: number, members: Entry): Entry => (random.next() < chance ? members : {});
  return {
    run_id: runId,
    ...maybe(0.6, { attempt: random.integer(1, 3) }),
    ...maybe(0.9, { pipeline_id: random.pick(['diagnostics', 'gate', 'review']) }),
    status: random.pick(statuses),
    ...maybe(0.9, { duration_seconds: seconds(random) }),
    recorded_at: new Date(random.integer(0, 2e12)).toISOString(),
    ...maybe(0.9, { control_plane_status: random.pick(['passed', 'failed', 'unknown']) }),
    ...maybe(0.8, { instance_stats: random.pick([[], [{ instance_id: 'a' }]]) }),
    ...maybe(0.8, { privacy_events: random.pick([[], [{ action: 'allow' }]]) }),
    ...maybe(0.7, { tfgrpo_epoch: random.pick([1, 2, 3, 10, -1, 0.5, -0]) }),
    ...maybe(0.5, { tfgrpo_group_size: random.integer(1, 8) }),
    tool_calls: random.integer(0, 9),
    token_total: random.integer(0, 20_000),
    cost_usd: random.integer(0, 90_000) / 1_000_000,
    latency_ms: random.pick([random.integer(0, 9000), random.next() * 9000]),
    tool_stats: members(random, 4, () => ({
      tool: random.pick(tools),
      tokens: random.integer(0, 5000),
      cost_usd: random.integer(0, 10_000) / 1_000_000,
      latency_ms: random.next() * 1000,
    })),
    stages: members(random, 5, () => ({
      id: random.pick(stages),
      status: random.pick(['succeeded', 'failed', 'skipped', 'odd']),
      duration_seconds: seconds(random),
      attempts: random.integer(0, 2),
    })),
    ...maybe(0.5, learning(random)),
  };
}

function learning(random: SeededRandom): Entry {
  return {
    learning_validation_status: random.pick([
      ...(['validated', 'snapshot_failed', 'stalled_snapshot', 'needs_manual_scenario'] as const),
      'pending',
    ]),
    learning_snapshot_status: random.pick([
      'captured',
      'snapshot_failed',
      'stalled_snapshot',
      null,
    ]),
    learning_alerts: random.integer(0, 3),
    learning_review_rejections: random.integer(0, 3),
    learning_review_latency_ms: random.pick([null, random.next() * 1e5]),
    learning_regressions_detected: random.integer(0, 1),
    learning_pattern_promoted: random.integer(0, 2),
    learning_pattern_deprecated: random.integer(0, 2),
    learning_throughput_candidates: random.integer(0, 2),
  };
}

function seconds(random: SeededRandom): number {
  const exponent = random.integer(-3, 4);
  return random.pick([
    random.integer(0, 90_000) / 1000,
    random.next() * 10 ** exponent,
    random.integer(0, 3),
  ]);
}

function members(random: SeededRandom, most: number, make: () => Entry): Entry[] {
  return Array.from({ length: random.integer(0, most) }, make);
}

/** Gives one to three members, some of them inside others, something that they cannot be. */
function spoil(entry: Entry, random: SeededRandom): void {
  for (let times = random.integer(1, 3); times > 0; times -= 1) {
    const targets = [entry, ...objectsIn(entry['tool_stats']), ...objectsIn(entry['stages'])];
    const target = targets[random.integer(0, targets.length - 1)] ?? entry;
    const keys = Object.keys(target);
    const key = keys[random.integer(0, keys.length - 1)];
    if (key !== undefined) target[key] = random.pick(odd);
  }
}

function objectsIn(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter((each) => isObject(each)) : [];
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null;
}
