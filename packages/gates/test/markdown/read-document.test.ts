import { expect, test } from 'vitest';

import { readDocument } from '../../src/markdown/read-document.js';

function targets(text: string): string[] {
  return readDocument(text).links.map(({ kind, target, line }) => `${line} ${kind} ${target}`);
}

test.each([
  ['inline, with a title', '[a](b.md "B")', ['1 link b.md']],
  ['in angle brackets, with blanks', '[a](<b c.md>)', ['1 link b c.md']],
  ['with escapes and entities', '[a](b\\_c&amp;d.md)', ['1 link b_c&d.md']],
  ['percent-encoded', '[a](b%20c.md#d%C3%A9)', ['1 link b%20c.md#d%C3%A9']],
  ['an image', '![a](b.png)', ['1 image b.png']],
  ['an image in a link', '[![a](b.png)](c.md)', ['1 link c.md', '1 image b.png']],
  ['an autolink', '<https://a.example/b>', ['1 link https://a.example/b']],
  ['a definition where it is', 'a [b] [c][B]\n\n[b]: d.md', ['3 link d.md']],
  ['the first of two definitions', '[b]: d.md\n[b]: e.md', ['1 link d.md']],
  ['with brackets in its text', '[a [b] `]`](c.md)', ['1 link c.md']],
  ['with parentheses in its target', '[a](b(c).md)', ['1 link b(c).md']],
  ['what is dangerous to render', '[a](javascript:b)', ['1 link javascript:b']],
  ['in HTML', '<a\n href="b.md"><img src=c.png></a>', ['1 link b.md', '2 image c.png']],
  ['in a line of HTML', 'a\nb <a href="c.md">d</a>', ['2 link c.md']],
  ['after line breaks in a paragraph', 'a\n[b](c)\\\nd  \n[e\nf](g)', ['2 link c', '4 link g']],
  ['after a code span of two lines', '`a\nb` [c](d)', ['2 link d']],
  ['after a link over two lines', '[a](b\n"c") [d](e)', ['1 link b', '2 link e']],
  ['in rows of a table', '|a|b|\n|-|-|\n|[c](d)|e|\n|f|[g](h)|', ['3 link d', '4 link h']],
  ['in the head of a table', 'x\n\n|[a](b)|\n|-|\n', ['3 link b']],
  ['in lists and quotes', '- a\n\n  - > b\n    > [c](d)\n', ['4 link d']],
  ['in a heading', '# a\n\nb [c](d)\n=\n', ['3 link d']],
  ['after front matter', '---\na: "[b](c)"\n---\n[d](e)', ['4 link e']],
  ['after Windows line ends', 'a\r\n\r\n[b](c)', ['3 link c']],
  ['after a byte order mark', '\uFEFF---\na: b\n---\n[d](e)', ['4 link e']],
])('a link is found: %s', (_name, text, expected) => {
  expect(targets(text)).toEqual(expected);
});

test.each([
  ['in a code span', '`[a](b)` ``[c](`d`)``'],
  ['in fenced code', '```\n[a](b)\n```\n~~~md\n[c](d)\n~~~'],
  ['in indented code', 'a\n\n    [b](c)'],
  ['in a comment', '<!-- [a](b) <a href="c"> -->\n\nd <!-- [e](f)\n[g](h) --> i'],
  ['in a comment over several blocks', '<!--\n\n[a](b)\n\n<a href="c">\n-->'],
  ['escaped', '\\[a](b)'],
  ['in front matter', '---\na: "[b](c)"\n---'],
  ['without a definition', '[a] [b][] ![c]'],
])('what looks like a link is none: %s', (_name, text) => {
  expect(targets(text)).toEqual([]);
});

test('headings get the slugs that GitHub gives them', () => {
  const text = [
    '# A `b` & **C**: d_e _f_ &amp; g!',
    '## Part two',
    'Part two',
    '---',
    '### Part two-1 ###',
    '#### [Über](x.md) ![img](i.png)*',
    '<h2 align="center">In <b>HTML</b></h2>',
    '',
    '> ##### Nested \\_under\\_',
  ].join('\n');
  expect(readDocument(text).headings.map(({ slug, line }) => `${line} ${slug}`)).toEqual([
    '1 a-b--c-d_e-f--g',
    '2 part-two',
    '3 part-two-1',
    '5 part-two-1-1',
    '6 über-',
    '7 in-html',
    '9 nested-_under_',
  ]);
});

test('ids and names of HTML are anchors', () => {
  const text =
    '<a name="one"></a>\n\n## A <a id="two"></a>\n\n<div\nid=\'three\'>\n\n<!-- <a id="four"> -->';
  expect([...readDocument(text).anchors]).toEqual(['one', 'two', 'a-', 'three']);
});

test('code spans and passages know their lines', () => {
  const text =
    'a `b`\nc `d\ne`\n\n- ```sh {x}\n  f\n  g\n  ```\n\n      h\n\n<p>\ni <!-- j -->\n</p>\n';
  const document = readDocument(text);
  expect(document.codeSpans).toEqual([
    { text: 'b', line: 1, isBroken: false },
    { text: 'd e', line: 2, isBroken: true },
  ]);
  expect(document.passages).toEqual([
    { kind: 'prose', language: '', text: 'a `b`\nc `d\ne`', line: 1 },
    { kind: 'code', language: 'sh', text: 'f\ng\n', line: 6 },
    { kind: 'code', language: '', text: 'h\n', line: 10 },
    { kind: 'html', language: '', text: '<p>\ni  \n</p>\n', line: 12 },
  ]);
});

test.each([
  ['a `b` c `d` e `', ['b', 'd']],
  ['` a ` `  ` ` b`', ['a', '  ', ' b']],
  ['`` a`b `` `c`', ['a`b', 'c']],
  ['\\`a` `b`', [' ']],
  ['<i>`a`</i> [`b`](c)', ['a', 'b']],
])('the same spans of code are found with markup beside them and without: %s', (text, expected) => {
  const spans = (document: string): string[] =>
    readDocument(document).codeSpans.map((span) => span.text);
  expect(spans(text)).toEqual(expected);
  // A link makes it a case for the parser.
  expect(spans(`[x](y) ${text}`)).toEqual(expected);
});

test('a comment in a paragraph is no part of its passage', () => {
  expect(readDocument('a <!-- b\nc --> d').passages[0]?.text).toBe('a  \n  d');
});

test('a full reference without a definition is named, nothing else in brackets is', () => {
  const text =
    '[a][b] ![c][D]\n[e][f] `[g][h]` x[1][2] [i][^1] [j] [k][]\n\n[F]: g.md\n\n|[l][m]|\n|-|';
  expect(readDocument(text).undefinedReferences).toEqual([
    { text: '[a][b]', label: 'b', line: 1 },
    { text: '[c][D]', label: 'D', line: 1 },
    { text: '[l][m]', label: 'm', line: 6 },
  ]);
});

test('front matter is what stands between two lines of dashes at the beginning', () => {
  expect(readDocument('---\nlast_review: 2026-01-02\n---\n# A').frontMatter).toBe(
    'last_review: 2026-01-02\n',
  );
  expect(readDocument('---\nno end\n').frontMatter).toBeNull();
  expect(readDocument('\n---\na: b\n---\n').frontMatter).toBeNull();
});

test.each([
  ['quotes', `${'>'.repeat(10_000)} [a](b)`],
  ['lists', `${'* '.repeat(10_000)}[a](b)\n`],
  ['brackets', `${'['.repeat(10_000)}a](b)`],
])('what is nested too deep to be read is said to be: %s', (_name, text) => {
  expect(readDocument(`a\n\n${text}`).unreadFrom).toBe(3);
});
