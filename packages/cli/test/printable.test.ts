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
  ['every mark of the reading order', 'a\u200e\u200f\u061c\u202a\u2066\u2067\u2068\u2069b', 'ab'],
  ['writing to the clipboard', 'a\u001b]52;c;ZXZpbA==\u0007b', 'ab'],
  ['other strings', 'a\u001b_apc\u001b\\\u001b^pm\u001b\\\u001bXsos\u001b\\b', 'ab'],
  [
    'eight-bit strings',
    'a\u0090dcs\u009cb\u009fapc\u009cc\u009epm\u009cd\u0098sos\u009ce',
    'abcde',
  ],
  ['all other eight-bit controls', 'a\u0080\u0084\u0085\u008d\u009b2Jb', 'ab'],
  ['overstriking', 'ok\b\bno\rhm\u007f', 'oknohm'],
  ['sequences inside sequences', '\u001b\u001b[0m[31mred', '[31mred'],
  ['zero-width characters', 'pa\u200bss\u200cwo\u200drd\u2060\ufeff\u00ad', 'password'],
  ['tags, which can carry a hidden message', 'a\u{e0001}\u{e0041}\u{e007f}b', 'ab'],
  ['variation selectors, which can too', 'a\ufe00\ufe0f\u{e0100}\u{e01ef}b', 'ab'],
  ['halves of characters', 'a\ud800b\udc00c', 'abc'],
  ['line breaks of Unicode', 'a\u2028b\u2029c', 'abc'],
])('%s do not reach the terminal', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('line feeds, tabs and every script stay', () => {
  expect(printable('a\tb\nçà 漢字 🎉')).toBe('a\tb\nçà 漢字 🎉');
});

test('whatever is put together, only text, line feeds and tabs are left', () => {
  const parts = [
    '\u001b',
    '[',
    ']',
    '0;',
    '\u0007',
    '\u009b',
    '\u0090',
    '\\',
    'm',
    '\n',
    '\t',
    '\ud800',
    'x',
  ];
  let seed = 1;
  const next = (): string => parts[(seed = (seed * 48_271) % 2_147_483_647) % parts.length] ?? '';
  for (let round = 0; round < 5_000; round += 1) {
    const text = Array.from({ length: 12 }, next).join('');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]/);
  }
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

test('the sign of a warning stays the picture that it is, and carries nothing more', () => {
  expect(printable('\u26a0\ufe0f override applied')).toBe('\u26a0\ufe0f override applied');
  expect(printable('\u26a0\ufe0f\ufe0f\ufe01 x\ufe0f')).toBe('\u26a0\ufe0f x');
});
