import { expect, test } from 'vitest';

import { renderEnvironmentTable } from '../src/index.js';

test('the document of the environment is the one that follows from the code', async () => {
  const text = [
    '# Environment variables',
    '',
    'Generated from `packages/core/src/environment-variables.ts`: run `npx vitest run -u` there.',
    '',
    'Booleans are `1`, `true`, `yes`, `on` and `0`, `false`, `no`, `off` in any case; another word is an',
    'error that names the variable, and so is a number such as `12abc`. An empty variable counts as unset.',
    '',
    renderEnvironmentTable(),
  ].join('\n');
  await expect(`${text.trimEnd()}\n`).toMatchFileSnapshot('../../../docs/environment.md');
});
