import { messageOf } from '@codex-orchestrator/core';

import { describeIssue } from './describe-issue.js';
import { eventVersion } from './events.js';
import type { RunEvent } from './events.js';
import { runEventSchema } from './event-schema.js';

/** A whole line that has a type, but not one of this version. */
export interface UnknownEvent {
  readonly type: string;
  /** Version of the event format; undefined in journals of other tools. */
  readonly v: number | undefined;
  readonly seq: number | undefined;
  /** The line as it is. */
  readonly members: Readonly<Record<string, unknown>>;
}

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'unknown'; readonly event: UnknownEvent }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Reads one line of a journal. Members that a newer version added to an event are kept. */
export function parseEventLine(text: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    return { kind: 'damaged', reason: messageOf(error) };
  }
  return parseEvent(value);
}

function parseEvent(value: unknown): ParsedEvent {
  if (!isObject(value) || typeof value['type'] !== 'string') {
    return { kind: 'damaged', reason: 'expected an object with a type' };
  }
  const { type, v, seq } = value;
  if (v !== eventVersion || !knownTypes.has(type)) {
    const event = { type, v: numberOf(v), seq: numberOf(seq), members: value };
    return { kind: 'unknown', event };
  }
  const issues = runEventSchema().safeParse(value).error?.issues ?? [];
  const damage = issues.find((issue) => issue.code !== 'unrecognized_keys');
  if (damage) return { kind: 'damaged', reason: describeIssue(damage, value) };
  return { kind: 'event', event: value as unknown as RunEvent };
}

const knownTypes: ReadonlySet<string> = new Set<RunEvent['type']>([
  'run.started',
  'stage.started',
  'stage.spawned',
  'stage.retried',
  'stage.finished',
  'loop.started',
  'loop.iteration',
  'stage.skipped',
  'run.cancelling',
  'run.recovered',
  'run.resumed',
  'run.resume_refused',
  'run.finished',
  'run.recorded',
]);

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
