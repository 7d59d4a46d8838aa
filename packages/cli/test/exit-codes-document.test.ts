import { expect, test } from 'vitest';

import { renderExitCodesAsMarkdown } from '../src/exit-codes.js';

test('the document of the exit codes is the one that follows from the code', async () => {
  const text = [
    '# Exit codes',
    '',
    'Generated from `packages/cli/src/exit-codes.ts`: run `npx vitest run -u` in `packages/cli`.',
    '',
    renderExitCodesAsMarkdown(),
    '',
    '`exec` ends with the code of its command when the command ran and ended by itself.',
  ].join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/exit-codes.md');
});
