import { expect, test } from 'vitest';

import { formatDuration } from '../src/render/duration.js';
import { LastLine } from '../src/render/last-line.js';
import { printable, printableLine } from '../src/render/printable.js';

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['cursor movements and clearing', 'a\u001b[2J\u001b[1;1Hb\u001b[?25l', 'ab'],
  ['a title with BEL', '\u001b]0;owned\u0007text', 'text'],
  ['a link with ST', '\u001b]8;;http://x\u001b\\label\u001b]8;;\u001b\\', 'label'],
  ['a device control string', '\u001bP+q544e\u001b\\x', 'x'],
  ['an OSC that never ends, up to the end of its line', '\u001b]0;evil\nnext', '\nnext'],
  ['eight-bit sequences', '\u009b31mred\u009d0;t\u009c!', 'red!'],
  ['two-byte escapes', '\u001bcreset\u001b(B!', 'reset!'],
  ['a lone escape at the end', 'x\u001b', 'x'],
  ['bells, backspaces, carriage returns, NUL', 'a\u0007\b\r\u0000b', 'ab'],
  ['reversed reading order', 'a\u202egnp.exe\u202c', 'agnp.exe'],
])('%s do not reach the terminal', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('line feeds, tabs and every script stay', () => {
  expect(printable('a\tb\nçà 漢字 🎉')).toBe('a\tb\nçà 漢字 🎉');
});

test('one line is cut to its width with an ellipsis', () => {
  expect(printableLine('  one \n two\t three ', 80)).toBe('one two three');
  expect(printableLine('123456', 5)).toBe('1234…');
  expect(printableLine('123456', 0)).toBe('');
});

test('the last line is the last with something on it, and a carriage return begins one', () => {
  const lastLine = new LastLine();
  lastLine.push(Buffer.from('first\nprogress 10%\rprogress 20%'));
  expect(lastLine.text(80)).toBe('progress 20%');
  lastLine.push(Buffer.from('\r\n\u001b[0m \n'));
  expect(lastLine.text(80)).toBe('progress 20%');
});

test('a line that arrives in pieces is whole, also when a piece ends inside a character', () => {
  const lastLine = new LastLine();
  for (const byte of Buffer.from('grüße')) lastLine.push(Buffer.from([byte]));
  expect(lastLine.text(80)).toBe('grüße');
});

test('a line of any length costs two kilobytes', () => {
  const lastLine = new LastLine();
  lastLine.push(Buffer.alloc(1_000_000, 'x'));
  expect(lastLine.text(10_000)).toHaveLength(2048);
});

test.each([
  [0, '0.0s'],
  [-5, '0.0s'],
  [49, '0.0s'],
  [1234, '1.2s'],
  [59_949, '59.9s'],
  [59_950, '1m 00s'],
  [61_000, '1m 01s'],
  [3_599_400, '59m 59s'],
  [7_380_000, '2h 03m'],
])('%d ms reads %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
