import { expect, test } from 'vitest';

import { callsConcerning, lastCalls } from '../src/numbered-calls.mjs';

const trace = [
  'openat(AT_FDCWD</r>, "/usr/lib/x.so", O_RDONLY) = 3</usr/lib/x.so>',
  '12 write(1</dev/null>, "out", 3) = 3',
  'openat(AT_FDCWD</r>, "/r/.runs/t", O_RDONLY) = 4</r/.runs/t>',
  '12 write(4</r/.runs/t/j>, "line", 4) = 4',
  '12 write(4</r/.runs/t/j>, "line", 4) = 4',
  '--- SIGCHLD {si_signo=SIGCHLD} ---',
];

test('calls keep the numbers that they have among all calls of their name', () => {
  expect(callsConcerning(trace, ['/r/out', '/r/.runs'])).toStrictEqual([
    { call: 'openat', when: 2 },
    { call: 'write', when: 2 },
    { call: 'write', when: 3 },
  ]);
});

test('of each name the last call is known', () => {
  expect(lastCalls(callsConcerning(trace, ['/r/.runs']))).toStrictEqual([
    { call: 'openat', when: 2 },
    { call: 'write', when: 3 },
  ]);
});
