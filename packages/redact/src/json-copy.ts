import { isSecretValue } from './known-values.js';
import { isSecretName } from './secret-name.js';

/** A copy of a JSON value with redacted strings; the parts that hold no secret are not copied. */
export function redactJson<T>(value: T, text: (value: string) => string): T {
  return redact(value, text) as T;
}

function redact(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return redactList(value, text);
  return typeof value === 'object' && value !== null ? redactObject(value, text) : value;
}

function redactList(list: readonly unknown[], text: (value: string) => string): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const redacted = redact(item, text);
    if (redacted !== item) (copy ??= list.slice())[index] = redacted;
  }
  return copy ?? list;
}

function redactObject(object: object, text: (value: string) => string): object {
  const members: [string, unknown][] = Object.entries(object);
  let isSame = true;
  for (const member of members) {
    const [name, value] = member;
    const isSecret = typeof value === 'string' && isSecretName(name) && isSecretValue(value);
    member[0] = text(name);
    member[1] = isSecret ? '[REDACTED]' : redact(value, text);
    isSame &&= member[0] === name && member[1] === value;
  }
  // `fromEntries` defines members, so that one named `__proto__` stays a member.
  return isSame ? object : Object.fromEntries(members);
}
