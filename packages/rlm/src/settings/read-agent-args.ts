import { err, ok } from '@codex-orchestrator/core';

import type { Given } from './given-setting.js';
import type { Reading } from './read-value.js';
import { expectation, invalidConfig } from './settings-problem.js';

const expected = 'a JSON list of texts, or plain words with blanks between them';

/**
 * Arguments as a list, as a JSON list in a text, or as plain words. Words with quotes or backslashes are
 * refused: what a shell would make of them is not what would be passed.
 */
export function readAgentArgs(given: Given | undefined): Reading<readonly string[]> {
  if (given === undefined) return ok([]);
  const { name, value } = given;
  const list = typeof value === 'string' ? parseText(value) : value;
  if (Array.isArray(list) && list.every(isArgument)) return ok([...list]);
  const quoted = typeof value === 'string' && /["'\\]/.test(value);
  const hint = quoted ? 'Arguments with quotes or blanks in them go into a JSON list' : null;
  return err(invalidConfig('INVALID_LIST', name, expectation(name, expected, value), hint));
}

function parseText(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    try {
      return JSON.parse(trimmed);
    } catch {
      return undefined;
    }
  }
  return trimmed === '' || /["'\\]/.test(trimmed) ? undefined : trimmed.split(/\s+/);
}

function isArgument(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
