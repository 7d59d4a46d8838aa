import { expect, test } from 'vitest';

import { Answer } from '../src/answer.js';
import { GuardedStream } from '../src/github/guarded-stream.js';
import type { OutputStream } from '../src/io.js';
import { renderTable } from '../src/render/metrics-table.js';
import { plainText } from '../src/render/styled-line.js';

function collect(): OutputStream & { readonly text: () => string } {
  let text = '';
  return {
    isTTY: true,
    columns: () => 80,
    write: (content) => (text += Buffer.from(content).toString()),
    text: () => text,
  };
}

const line = ['a\u001b[31mb ', { text: 'bad\u001b[2J', style: 'red' }] as const;

test('colours are those that a line asks for, whatever its text brings along', () => {
  const colored = collect();
  new Answer(colored, 'text', () => true).give({}, () => [line]);
  expect(colored.text()).toBe('ab \u001b[31mbad\u001b[39m\n');
});

test.each(['text', 'agent'] as const)('as %s, without colours wanted, there are none', (format) => {
  const stream = collect();
  new Answer(stream, format, () => format === 'agent').give({}, () => [line]);
  expect(stream.text()).toBe('ab bad\n');
});

test('an answer in pieces counts as given, and is inert where JSON can be', () => {
  const stream = collect();
  const answer = new Answer(new GuardedStream(stream), 'json');
  answer.piece('["##[error]"]\n', 'json');
  expect(answer.given).toBe(true);
  expect(JSON.parse(stream.text())).toStrictEqual(['##[error]']);
  expect(stream.text()).not.toContain('##[');
});

test('a table aligns numbers to the right, and ends no line with blanks', () => {
  const rows = [
    ['a', '1', ''],
    [[{ text: 'long', style: 'bold' } as const], '1,000', '▂█'],
  ];
  const columns = [{ title: 'NAME' }, { title: 'N', align: 'right' } as const, { title: 'TREND' }];
  expect(renderTable(columns, rows).map(plainText)).toStrictEqual([
    'NAME      N  TREND',
    'a         1',
    'long  1,000  ▂█',
  ]);
});
