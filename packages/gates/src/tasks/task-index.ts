import { GateError } from '../errors.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import type { FileRoot } from '../text-files/read-file-inside.js';
import { checklistPathOf, taskKeyOf } from './task-key.js';

/** The index of a repository's tasks, as far as it can be understood. */
export interface TaskIndex {
  /** As it was asked for. */
  readonly path: string;
  /** In the order of the file. */
  readonly items: readonly TaskItem[];
  /** What of the index no task could be made of, one sentence each without a full stop. */
  readonly problems: readonly string[];
  /** The whole document as it was read; whoever changes a part writes the rest back. */
  readonly document: JsonObject;
}

/** One task. What the index does not say, or says as something else than a text, is null. */
export interface TaskItem {
  /** Safe as a path segment, and that of no other item. */
  readonly key: string;
  readonly id: string | null;
  readonly slug: string | null;
  readonly title: string | null;
  readonly path: string | null;
  readonly kind: string | null;
  readonly status: string | null;
  readonly gate: TaskGate | null;
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  /** Where its checklist is, relative to the root; nobody looked whether it is there. */
  readonly checklistPath: string;
  /** Place in the document's `items`, from 0. */
  readonly position: number;
  /** As it was read, with the members that nothing here is known of. */
  readonly source: JsonObject;
}

/** What the last gate of a task came to. */
export interface TaskGate {
  readonly phase: string | null;
  readonly status: string | null;
  readonly log: string | null;
  readonly runId: string | null;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const defaultTaskIndexPath = 'tasks/index.json';
const maxIndexBytes = 32 * 1024 * 1024;

/**
 * Reads an index of tasks; undefined where there is none. An item that cannot be understood is named in
 * `problems` and takes nothing from the others.
 *
 * @throws GateError `INVALID_FILE` where the file cannot be read, is no JSON, or has no list `items`.
 */
export function readTaskIndex(
  ports: FileRoot,
  path: string = defaultTaskIndexPath,
): TaskIndex | undefined {
  const reading = readFileInside(ports, path, maxIndexBytes);
  if (reading.kind === 'missing') return undefined;
  if (reading.kind !== 'read') throw unusable(path, describeUnread(reading));
  return parseTaskIndex(reading.bytes.toString('utf8'), path);
}

/** @throws GateError `INVALID_FILE` */
export function parseTaskIndex(text: string, path: string = defaultTaskIndexPath): TaskIndex {
  const document = parseDocument(text, path);
  const entries = document['items'];
  if (!Array.isArray(entries)) throw unusable(path, 'it has no list `items`');
  const items: TaskItem[] = [];
  const problems: string[] = [];
  const keys = new Set<string>();
  for (const [position, entry] of entries.entries()) {
    const item = parseItem(entry, position);
    if (item === undefined) {
      problems.push(`Item ${position + 1} of ${path} has no id and no slug that can name a file`);
    } else if (keys.has(item.key)) {
      problems.push(`Item ${position + 1} of ${path} has the key of an earlier one: ${item.key}`);
    } else {
      keys.add(item.key);
      items.push(item);
    }
  }
  return { path, items, problems, document };
}

/** The task that somebody names by its key, its id or its slug; undefined where no one task is meant. */
export function findTask(index: TaskIndex, name: string): TaskItem | undefined {
  const byKey = index.items.find(({ key }) => key === name);
  if (byKey) return byKey;
  const others = index.items.filter(({ id, slug }) => id === name || slug === name);
  return others.length === 1 ? others[0] : undefined;
}

function parseDocument(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    throw unusable(path, `it is no JSON: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
  if (!isObject(value)) throw unusable(path, 'it is no JSON object');
  return value;
}

function parseItem(entry: unknown, position: number): TaskItem | undefined {
  if (!isObject(entry)) return undefined;
  const id = textOf(entry['id']);
  const slug = textOf(entry['slug']);
  const key = taskKeyOf({ id: id ?? undefined, slug: slug ?? undefined, paths: pathsOf(entry) });
  if (key === undefined) return undefined;
  return {
    key,
    id,
    slug,
    title: textOf(entry['title']),
    path: textOf(entry['path']),
    kind: textOf(entry['kind']),
    status: textOf(entry['status']),
    gate: gateOf(entry['gate']),
    createdAt: textOf(entry['created_at']),
    completedAt: textOf(entry['completed_at']),
    checklistPath: checklistPathOf(key),
    position,
    source: entry,
  };
}

function pathsOf(entry: JsonObject): string[] {
  const paths = isObject(entry['paths']) ? entry['paths'] : {};
  const places = [paths['task'], entry['relates_to'], entry['path'], paths['spec']];
  return [...places, paths['agent_task']].map(textOf).filter((path) => path !== null);
}

function gateOf(value: unknown): TaskGate | null {
  if (!isObject(value)) return null;
  return {
    phase: textOf(value['phase']),
    status: textOf(value['status']),
    log: textOf(value['log']),
    runId: textOf(value['run_id']),
  };
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(path: string, reason: string, cause?: unknown): GateError {
  const options = cause === undefined ? {} : { cause };
  return new GateError('INVALID_FILE', `Cannot use the task index '${path}': ${reason}`, options);
}
