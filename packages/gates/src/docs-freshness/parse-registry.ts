import * as z from 'zod/mini';

import { GateError } from '../errors.js';
import { linesOf, locateEntries } from './locate-entries.js';
import { createEntryReader } from './registry-entry.js';
import type { RegistryEntry } from './registry-entry.js';

export interface Registry {
  /** In the order of the file. */
  readonly entries: readonly RegistryEntry[];
  /** The line, from 1, on which each entry begins; looked for when it is asked for. */
  readonly lines: () => readonly number[];
}

/**
 * Reads the text of a registry, entry by entry: what is wrong with one is said of it and costs no other.
 *
 * @param path What errors call it.
 * @throws GateError `INVALID_FILE` where it is no JSON, of another version, or has no list of entries.
 */
export function parseRegistry(text: string, path: string): Registry {
  const parsed = registrySchema().safeParse(parseJson(text, path));
  if (!parsed.success) {
    throw unusable(path, parsed.error.issues[0]?.message ?? 'it has another shape');
  }
  const read = createEntryReader();
  return {
    entries: parsed.data.entries.map(read),
    lines: () => {
      const { elements } = locateEntries(text);
      return linesOf(
        text,
        elements.map(({ start }) => start),
      );
    },
  };
}

/** Why a registry cannot be gone by. */
export function unusable(path: string, reason: string, options: ErrorOptions = {}): GateError {
  const message = `Cannot use the registry ${JSON.stringify(path)}: ${reason}`;
  return new GateError('INVALID_FILE', message, options);
}

function registrySchema() {
  return z.looseObject(
    {
      version: z.literal(1, 'its `version` is not 1'),
      entries: z.array(z.unknown(), 'it has no list `entries`'),
    },
    'it is no JSON object',
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown;
  } catch (cause) {
    throw unusable(path, `it is no JSON: ${(cause as Error).message}`, { cause });
  }
}
