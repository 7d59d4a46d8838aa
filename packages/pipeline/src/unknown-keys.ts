import { closestName } from '@codex-orchestrator/core';
import type * as z from 'zod/mini';

import { isRecord } from './is-record.js';
import { memberPath } from './json-text.js';
import type { Problem } from './problem.js';

/**
 * Finds keys that a schema does not name. Such a key is a warning and not an error, because configs
 * written for other tools carry more than this one reads; most often, though, it is a typing error.
 */
export function findUnknownKeys(schema: z.core.$ZodType, value: unknown, path: string): Problem[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') return findUnknownKeys(def.innerType, value, path);
  if (def.type === 'object') return isRecord(value) ? findInObject(def.shape, value, path) : [];
  if (def.type === 'union') {
    const meant = def.options.filter((option) => describesSameKind(option, value));
    return meant.flatMap((option) => findUnknownKeys(option, value, path));
  }
  if (def.type !== 'array' || !Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    findUnknownKeys(def.element, item, memberPath(path, index)),
  );
}

function findInObject(
  shape: z.core.$ZodShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const memberAt = memberPath(path, key);
    if (schema) return findUnknownKeys(schema, member, memberAt);
    return [
      unknownKey(
        key,
        memberAt,
        Object.keys(shape).filter((name) => !(name in value)),
      ),
    ];
  });
}

function unknownKey(key: string, path: string, candidates: readonly string[]): Problem {
  const meant = closestName(key, candidates);
  return {
    code: 'UNKNOWN_KEY',
    path,
    message: `unknown key ${JSON.stringify(key)} has no effect`,
    ...(meant === undefined ? {} : { fix: `did you mean ${JSON.stringify(meant)}?` }),
  };
}

/**
 * Of the branches of a union on `kind`, only the one that the value names is worth comparing with; of
 * other branches the lists are, where the value is one.
 */
function describesSameKind(option: z.core.$ZodType, value: unknown): boolean {
  const { def } = (option as z.core.$ZodTypes)._zod;
  if (Array.isArray(value)) return def.type === 'array';
  if (!isRecord(value)) return false;
  if (def.type !== 'object') return false;
  const kind = def.shape['kind'];
  return kind === undefined || kind._zod.values?.has(value['kind'] as string) === true;
}
