/** What is wrong with a value: the path inside it, empty for the value itself; `undefined`: nothing. */
export type Check = (value: unknown) => string | undefined;

/** Whether it is what JSON calls an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text: Check = (value) => (typeof value === 'string' ? undefined : '');
export const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : '');
/** A finite number: JSON knows no others, but 1e999 is read as one. */
export const number: Check = (value) => (Number.isFinite(value) ? undefined : '');
export const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : '';
export const anything: Check = (value) => (value === undefined ? '' : undefined);

/** An object with these members; others are ignored. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members);
  return (value) => {
    if (!isObject(value)) return '';
    for (const [key, check] of checks) {
      const wrong = check(Object.hasOwn(value, key) ? value[key] : undefined);
      if (wrong !== undefined) return `.${key}${wrong}`;
    }
    return undefined;
  };
}

export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return '';
    for (const [at, member] of value.entries()) {
      const wrong = check(member);
      if (wrong !== undefined) return `[${at}]${wrong}`;
    }
    return undefined;
  };
}

export function recordOf(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return '';
    for (const [key, member] of Object.entries(value)) {
      const wrong = check(member);
      if (wrong !== undefined) return `[${JSON.stringify(key)}]${wrong}`;
    }
    return undefined;
  };
}
