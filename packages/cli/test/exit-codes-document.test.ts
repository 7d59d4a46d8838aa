import { expect, test } from 'vitest';

import { renderExitCodesAsMarkdown } from '../src/exit-codes.js';
import { loopExitCodes, renderLoopExitCodesAsMarkdown } from '../src/loop-exit-codes.js';

test('the document of the exit codes is the one that follows from the code', async () => {
  const text = [
    '# Exit codes',
    '',
    'Generated from `packages/cli/src/exit-codes.ts`: run `npx vitest run -u` in `packages/cli`.',
    '',
    renderExitCodesAsMarkdown(),
    '',
    '`exec` ends with the code of its command when the command ran and ended by itself.',
    '',
    '## Agent loops',
    '',
    'A run that failed because its agent loop did ends with the code of the verdict of the loop: `rlm`,',
    '`start`, `resume` and `retry`, and `wait` and `attach` for the run of another process. The code is that',
    'of the run where something else failed first, where the run was cancelled, and where it timed out.',
    '',
    renderLoopExitCodesAsMarkdown(),
  ].join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/exit-codes.md');
});

test('the codes of verdicts are those that the loop itself goes by', async () => {
  const { verdictExitCodes } = await import('@codex-orchestrator/rlm');
  const codes = Object.entries(loopExitCodes).map(([verdict, { code }]) => [verdict, code]);
  expect(Object.fromEntries(codes)).toStrictEqual(verdictExitCodes);
});
