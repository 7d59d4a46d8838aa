import { expect, test } from 'vitest';

import { runChecks } from '../src/run-checks.mjs';

const node = JSON.stringify(process.execPath);
const slow = (script: string) => `${node} -e ${JSON.stringify(script)}`;

test('every check is run and counted, whatever fails before it', async () => {
  const outcomes = await runChecks(
    [
      [
        { name: 'first', command: 'exit 3' },
        { name: 'second', command: 'exit 0' },
      ],
      [{ name: 'third', command: 'no-such-command-anywhere' }],
    ],
    { root: '.', live: false, print: () => undefined },
  );
  expect(outcomes).toStrictEqual([
    { name: 'first', passed: false },
    { name: 'second', passed: true },
    { name: 'third', passed: false },
  ]);
});

test('what checks side by side print stays whole', async () => {
  const chatter = slow(
    'let n = 0; const t = setInterval(() => { console.log("line " + n); console.error("error"); if (++n === 5) clearInterval(t); }, 5)',
  );
  const texts: string[] = [];
  await runChecks([[{ name: 'one', command: chatter }], [{ name: 'two', command: chatter }]], {
    root: '.',
    live: false,
    print: (text) => texts.push(text),
  });
  expect(texts).toHaveLength(2);
  for (const text of texts) {
    expect(text).toMatch(/^\n── (one|two)\n(?:line \d\n|error\n){10}── \1: passed in [\d.]+ s\n$/);
  }
});

test('a failure names its command and how it ended', async () => {
  let text = '';
  await runChecks([[{ name: 'one', command: 'echo said && exit 7' }]], {
    root: '.',
    live: false,
    print: (more) => (text += more),
  });
  expect(text).toMatch(
    /^\n── one\nsaid\n`echo said && exit 7` exited with 7\n── one: FAILED in [\d.]+ s\n$/,
  );
});
