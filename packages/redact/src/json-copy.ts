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
  const copy = list.map((item) => redact(item, text));
  return copy.every((item, index) => item === list[index]) ? list : copy;
}

function redactObject(object: object, text: (value: string) => string): object {
  const members: [string, unknown][] = Object.entries(object);
  const copies = members.map(([name, value]): [string, unknown] => {
    const isSecret = typeof value === 'string' && isSecretName(name) && isSecretValue(value);
    return [text(name), isSecret ? '[REDACTED]' : redact(value, text)];
  });
  const isSame = members.every(([name, value], index) => {
    const copy = copies[index];
    return copy?.[0] === name && copy[1] === value;
  });
  // `fromEntries` defines members, so that one named `__proto__` stays a member.
  return isSame ? object : Object.fromEntries(copies);
}
