import { expect, test } from 'vitest';

import { LineCutter } from '../../src/agent/line-cutter.js';

function cut(text: string, pieceBytes: number, firstByte?: number): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter({
    maxLineBytes: 10,
    ...(firstByte === undefined ? {} : { firstByte }),
    onLine: (line) => lines.push(line),
  });
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    cutter.push(bytes.subarray(start, start + pieceBytes));
  }
  cutter.end();
  return lines;
}

test.each([1, 2, 3, 7, 1000])('lines are the same in pieces of %i bytes', (pieceBytes) => {
  const text = 'one\n\ntwö ä\n0123456789\n01234567890\nafter\r\nlast';
  expect(cut(text, pieceBytes)).toStrictEqual(['one', 'twö ä', '0123456789', 'after\r', 'last']);
  const brace = '{'.charCodeAt(0);
  expect(cut('no\n{yes}\nx{no}\n{12345678901}\n{end}', pieceBytes, brace)).toStrictEqual([
    '{yes}',
    '{end}',
  ]);
});

test('a long line that comes byte by byte is the same', () => {
  const lines: string[] = [];
  const cutter = new LineCutter({ maxLineBytes: 5000, onLine: (line) => lines.push(line) });
  const line = '0123456789'.repeat(450);
  for (const byte of Buffer.from(`${line}\n${line}\n`)) cutter.push(Buffer.from([byte]));
  expect(lines).toEqual([line, line]);
});
