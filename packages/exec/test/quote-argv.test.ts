import { expect, test } from 'vitest';

import { quoteArgv, runCommand } from '../src/index.js';

test.each([
  [['npm', 'run', 'build:all', '--a=b', './x.js'], 'npm run build:all --a=b ./x.js'],
  [['echo', 'two words'], "echo 'two words'"],
  [['echo', "it's"], "echo 'it'\\''s'"],
  [['echo', ''], "echo ''"],
  [['if', 'if'], "'if' if"],
  [['A=b', 'A=b'], "'A=b' A=b"],
])('%j is written as %s', (argv, expected) => {
  expect(quoteArgv(argv)).toBe(expected);
});

test('a shell reads back exactly what was quoted', async () => {
  const words = [
    '',
    ' ',
    '\n',
    "'",
    '"',
    '\\',
    '$HOME',
    '`id`',
    '*',
    '~',
    '!',
    '#',
    '-n',
    'é😀',
    ';&|<>()',
  ];
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const { stdout } = await runCommand(quoteArgv([process.execPath, '-e', script, '--', ...words]));
  expect(JSON.parse(stdout.text)).toEqual(words);
});

test('a first word that is shell syntax is run as the name of a program', async () => {
  const { outcome } = await runCommand(quoteArgv(['while', 'x']));
  expect(outcome).toEqual({ kind: 'exited', exitCode: 127 });
});
