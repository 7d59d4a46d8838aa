import type { RunRedactor } from './run-redactor.js';

/**
 * Members that programs go by. A secret that happens to be spelled like one of their values must not
 * turn a record into one that nobody can read, resume or verify.
 */
const machineMembers: ReadonlySet<string> = new Set([
  'artifacts',
  'at',
  'by',
  'child_run',
  'code',
  'command_id',
  'created_at',
  'definition_hash',
  'ended_groups',
  'error_file',
  'id',
  'inputs_hash',
  'kept',
  'kind',
  'log_path',
  'moved',
  'needs',
  'outcome',
  'owner',
  'process_started_at',
  'run_id',
  'signal',
  'status',
  'task_id',
  'torn_path',
  'type',
]);

/** A fact for the record with every text in it redacted, and all that programs go by as it was. */
export function redactFacts<T extends object>(facts: T, redactor: RunRedactor | undefined): T {
  if (redactor === undefined) return facts;
  const redacted = redactor.json(facts);
  return redacted === facts ? facts : (restore(facts, redacted) as T);
}

function restore(original: unknown, redacted: unknown): unknown {
  if (!isObject(original) || !isObject(redacted)) return redacted;
  if (Array.isArray(original)) {
    return original.map((item: unknown, at) => restore(item, (redacted as unknown[])[at]));
  }
  const before = original as Facts;
  const kept = Object.entries(before).filter(([name]) => machineMembers.has(name));
  // By the names that are left: a name that was a secret itself is another one now.
  const others = Object.entries(redacted)
    .filter(([name]) => !machineMembers.has(name))
    .map(([name, value]) => [name, restore(before[name], value)] as const);
  return Object.fromEntries([...kept, ...others]);
}

type Facts = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
