import {
  entryMembers,
  instanceMembers,
  machineMembers,
  privacyEventMembers,
  stageMembers,
  toolMembers,
} from '../entry/entry-members.js';
import type { MemberOrder } from '../entry/entry-members.js';
import {
  ALERTS,
  ATTEMPT,
  CANDIDATES,
  CONTROL_PLANE,
  COST,
  DEPRECATED,
  DURATION,
  ENTRY,
  EPOCH,
  GROUP_SIZE,
  INSTANCE,
  LATENCY,
  LIST,
  MACHINE,
  NUMBER,
  OBJECT,
  PIPELINE,
  PRIVACY_EVENT,
  PROMOTED,
  RECORDED_AT,
  REGRESSIONS,
  REJECTIONS,
  REVIEW_LATENCY,
  RUN_ID,
  SKIP,
  SNAPSHOT,
  STAGE,
  STAGE_ATTEMPTS,
  STAGE_DURATION,
  STAGE_ID,
  STAGE_STATUS,
  STATUS,
  TEXT,
  TOKEN_TOTAL,
  TOOL,
  TOOL_CALLS,
  TOOL_COST,
  TOOL_LATENCY,
  TOOL_NAME,
  TOOL_TOKENS,
  VALIDATION,
} from './slots.js';

/** A key that the table does not have. */
export const UNKNOWN = -1;

/** A kind, and the place or the shape that it takes. */
type Use = readonly [kind: number, place: number];

const entryUses: Readonly<Record<string, Use>> = {
  run_id: [RUN_ID, 0],
  attempt: [NUMBER, ATTEMPT],
  pipeline_id: [TEXT, PIPELINE],
  status: [TEXT, STATUS],
  duration_seconds: [NUMBER, DURATION],
  stages: [LIST, STAGE],
  recorded_at: [RECORDED_AT, 0],
  control_plane_status: [TEXT, CONTROL_PLANE],
  instance_stats: [LIST, INSTANCE],
  privacy_events: [LIST, PRIVACY_EVENT],
  tfgrpo_epoch: [NUMBER, EPOCH],
  tfgrpo_group_size: [NUMBER, GROUP_SIZE],
  tool_calls: [NUMBER, TOOL_CALLS],
  token_total: [NUMBER, TOKEN_TOTAL],
  cost_usd: [NUMBER, COST],
  latency_ms: [NUMBER, LATENCY],
  tool_stats: [LIST, TOOL],
  learning_validation_status: [TEXT, VALIDATION],
  learning_snapshot_status: [TEXT, SNAPSHOT],
  learning_alerts: [NUMBER, ALERTS],
  learning_review_rejections: [NUMBER, REJECTIONS],
  learning_review_latency_ms: [NUMBER, REVIEW_LATENCY],
  learning_regressions_detected: [NUMBER, REGRESSIONS],
  learning_pattern_promoted: [NUMBER, PROMOTED],
  learning_pattern_deprecated: [NUMBER, DEPRECATED],
  learning_throughput_candidates: [NUMBER, CANDIDATES],
  machine: [OBJECT, MACHINE],
};

const stageUses: Readonly<Record<string, Use>> = {
  id: [TEXT, STAGE_ID],
  status: [TEXT, STAGE_STATUS],
  duration_seconds: [NUMBER, STAGE_DURATION],
  attempts: [NUMBER, STAGE_ATTEMPTS],
};

const toolUses: Readonly<Record<string, Use>> = {
  tool: [TEXT, TOOL_NAME],
  tokens: [NUMBER, TOOL_TOKENS],
  cost_usd: [NUMBER, TOOL_COST],
  latency_ms: [NUMBER, TOOL_LATENCY],
};

interface Shape {
  readonly shape: number;
  readonly order: MemberOrder;
  readonly uses: Readonly<Record<string, Use>>;
}

const shapes: readonly Shape[] = [
  { shape: ENTRY, order: entryMembers, uses: entryUses },
  { shape: STAGE, order: stageMembers, uses: stageUses },
  { shape: TOOL, order: toolMembers, uses: toolUses },
  { shape: INSTANCE, order: instanceMembers, uses: {} },
  { shape: PRIVACY_EVENT, order: privacyEventMembers, uses: {} },
  { shape: MACHINE, order: machineMembers, uses: {} },
];

/**
 * The keys that are known, with what becomes of their values. A key is compared together with its quotes
 * and its colon, eight bytes at a time as one double: ASCII never makes a NaN or a zero, so doubles are
 * the same exactly when their bytes are.
 */
export class KeyTable {
  readonly size: number;
  /** The first key of each shape. */
  readonly firstOf: readonly number[];
  readonly kinds: Uint8Array;
  readonly places: Uint8Array;
  /** Bytes of the key with quotes and colon. */
  readonly lengths: Uint8Array;

  readonly #shapes: Uint8Array;
  /** The literals one behind the other, each from a multiple of eight on. */
  readonly #literals: DataView;

  constructor() {
    const keys = shapes.flatMap(({ order, shape, uses }) =>
      order.keys.map((key) => ({ literal: `"${key}":`, shape, use: uses[key] ?? unused })),
    );
    this.size = keys.length;
    this.firstOf = shapes.map(({ shape }) => keys.findIndex((key) => key.shape === shape));
    this.kinds = Uint8Array.from(keys, ({ use: [kind] }) => kind);
    this.places = Uint8Array.from(keys, ({ use: [, place] }) => place);
    this.lengths = Uint8Array.from(keys, ({ literal }) => literal.length);
    this.#shapes = Uint8Array.from(keys, ({ shape }) => shape);
    const literals = Buffer.alloc(keys.length * LITERAL_BYTES);
    keys.forEach(({ literal }, at) => literals.write(literal, at * LITERAL_BYTES, 'latin1'));
    this.#literals = new DataView(literals.buffer, literals.byteOffset, literals.byteLength);
  }

  /** Whether the literal of a key is what lies at a position. */
  matches(view: DataView, at: number, key: number): boolean {
    const literals = this.#literals;
    const start = key * LITERAL_BYTES;
    const length = this.lengths[key] ?? 0;
    if (length < 8) {
      return (
        view.getInt32(at, true) === literals.getInt32(start, true) &&
        view.getInt32(at + length - 4, true) === literals.getInt32(start + length - 4, true)
      );
    }
    const last = length - 8;
    for (let word = 0; word < last; word += 8) {
      if (view.getFloat64(at + word, true) !== literals.getFloat64(start + word, true))
        return false;
    }
    return view.getFloat64(at + last, true) === literals.getFloat64(start + last, true);
  }

  /** The key of a shape that lies at a position in so many bytes; `UNKNOWN` where it has none like that. */
  find(view: DataView, at: number, length: number, shape: number): number {
    for (let key = this.firstOf[shape] ?? 0; this.#shapes[key] === shape; key += 1) {
      if (this.lengths[key] === length && this.matches(view, at, key)) return key;
    }
    return UNKNOWN;
  }
}

const unused: Use = [SKIP, 0];
const LITERAL_BYTES = 40;
