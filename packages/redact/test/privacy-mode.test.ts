import { expect, test } from 'vitest';

import { readPrivacyMode } from '../src/index.js';

const mode = 'CODEX_PRIVACY_GUARD_MODE';
const enforce = 'CODEX_PRIVACY_GUARD_ENFORCE';

test.each([
  [{}, 'enforce'],
  [{ [mode]: 'shadow' }, 'shadow'],
  [{ [mode]: ' Shadow ', [enforce]: '1' }, 'shadow'],
  [{ [mode]: 'enforce', [enforce]: '0' }, 'enforce'],
  [{ [enforce]: '0' }, 'shadow'],
  [{ [enforce]: 'true' }, 'enforce'],
  [{ [mode]: 'shadwo' }, 'enforce'],
])('%j means %s', (environment, expected) => {
  expect(readPrivacyMode(environment)).toBe(expected);
});
