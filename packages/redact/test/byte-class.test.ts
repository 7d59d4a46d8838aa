import { expect, test } from 'vitest';

import { byteClass, membersOf, singleByte } from '../src/byte-class.js';

test.each([
  'A-Za-z0-9+/=_-',
  '^/?#"\'`<>\\\\\\x00-\\x20',
  '\\s:=\\\\"\'`\\]\\x1b',
  '0-9a-f-',
  ' \\t\\n\\v\\f\\r,}\\]',
  'A-Za-z0-9._~+/=-',
])('reads [%s] as regular expressions do', (notation) => {
  const members = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
    new RegExp(`[${notation}]`).test(String.fromCharCode(byte)),
  );
  expect(membersOf(byteClass(notation))).toEqual(members);
});

test('a class of one byte has one member', () => {
  expect(membersOf(singleByte(0xff))).toEqual([0xff]);
});
