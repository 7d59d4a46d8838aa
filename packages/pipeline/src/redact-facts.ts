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
  'experience_ids',
  'id',
  'inputs_hash',
  'instructions_hash',
  'kept',
  'kind',
  'log_path',
  'loop',
  'moved',
  'needs',
  'outcome',
  'owner',
  'process_started_at',
  'retrieval_policy',
  'retrieval_selection',
  'run_id',
  'signal',
  'stamp',
  'status',
  'task_id',
  'torn_path',
  'type',
]);

/** Members whose own members have names that are not ours. */
const freeMembers: ReadonlySet<string> = new Set(['details', 'options']);

/**
 * Members that a loop fills as it likes: every text in them is redacted, whatever its name. A name alone
 * decides nothing, because paths are names there, with digests as their values.
 */
const textMembers: ReadonlySet<string> = new Set(['facts']);

/** A fact for the record with every text in it redacted, and all that programs go by as it was. */
export function redactFacts<T extends object>(facts: T, redactor: RunRedactor | undefined): T {
  return redactor === undefined ? facts : (redactMember(facts, redactor) as T);
}

/** Most facts hold little text and no secret: then nothing is copied. */
function redactMember(value: unknown, redactor: RunRedactor): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? redactList(value, redactor) : redactObject(value, redactor);
}

function redactList(list: readonly unknown[], redactor: RunRedactor): readonly unknown[] {
  const copy = list.map((item) => redactMember(item, redactor));
  return copy.every((item, at) => item === list[at]) ? list : copy;
}

function redactNamed(name: string, value: unknown, redactor: RunRedactor): unknown {
  // What callers name themselves can be a secret by its name, or have one in it.
  if (freeMembers.has(name)) return redactor.json<unknown>(value);
  return textMembers.has(name) ? redactTexts(value, redactor) : redactMember(value, redactor);
}

function redactTexts(value: unknown, redactor: RunRedactor): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, redactor));
  // `fromEntries` defines members, so that one named `__proto__` stays a member.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactTexts(member, redactor)]),
  );
}

function redactObject(object: object, redactor: RunRedactor): object {
  let changed: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    // Asked first: most members are neither text nor hold any.
    if (typeof value !== 'string' && typeof value !== 'object') continue;
    if (value === null || machineMembers.has(name)) continue;
    const redacted = redactNamed(name, value, redactor);
    if (redacted === value) continue;
    changed ??= { ...object };
    changed[name] = redacted;
  }
  return changed ?? object;
}
