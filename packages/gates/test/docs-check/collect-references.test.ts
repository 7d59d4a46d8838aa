import { expect, test } from 'vitest';

import { collectReferences } from '../../src/docs-check/collect-references.js';
import { readDocument } from '../../src/markdown/read-document.js';

function found(text: string): string[] {
  return collectReferences(readDocument(text)).map((reference) => {
    const { kind, line } = reference;
    switch (kind) {
      case 'script':
        return `${line} ${reference.scripts.join('|')}${reference.isElsewhere ? ' elsewhere' : ''}`;
      case 'pipeline':
        return `${line} start ${reference.id}`;
      case 'path':
        return `${line} ${reference.paths.join('|')}`;
      case 'link':
        return `${line} (${reference.path})${reference.anchor === null ? '' : `#${reference.anchor}`}`;
      case 'undefined':
        return `${line} ${reference.text}`;
    }
  });
}

test.each([
  [
    'in a span, a sentence and code',
    'a `npm run b` npm run c\n```sh\nnpm run d\n```',
    ['1 b', '1 c', '3 d'],
  ],
  [
    'several in a line',
    'npm run a, npm run b. npm run c && npm run d; npm run e',
    ['1 a', '1 b', '1 c', '1 d', '1 e'],
  ],
  ['with punctuation behind it', 'npm run a: npm run b:c. "npm run d"', ['1 a', '1 b:c', '1 d']],
  ['with flags', '`npm run -s a -- --b` `npm run-script c --d`', ['1 a', '1 c']],
  ['of other tools', '`pnpm run a` `yarn run b`', ['1 a', '1 b']],
  [
    'in another folder',
    '`npm run a -w b` `npm --prefix c run d` `pnpm -r run e`',
    ['1 a elsewhere', '1 d elsewhere', '1 e elsewhere'],
  ],
  ['after a change of folder', '```\ncd a\nnpm run b\n```', ['3 b elsewhere']],
  ['several written as one', '`npm run a/b`', ['1 a/b|a']],
  ['over two lines of a span', 'x\n`npm\nrun a` y', ['2 a']],
  ['in front matter', '---\na: b\nc: `npm run d` in `e/f`\n---', ['3 d', '3 e/f']],
  ['in quotes and cells', '> `npm run a`\n\n|b|\n|-|\n|`npm run c`|', ['1 a', '5 c']],
])('a script is found: %s', (_name, text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each([
  '`npm run <script>` `npm run $X` `npm run {a}` `npm run a:*` `npm run ...` `npm run` `npm run X`',
  '`npm run a --if-present` `npm run --if-present a`',
  'A program that npm will run later, and `npm ci && run a`',
  '<!-- npm run a -->\n\nb <!-- npm run c --> d',
  '`yarn workspace a run b` `bun run c`',
  '`codex-orchestrator start <id>` `codex-orchestrator start --task a` `codex-orchestrator start [id]`',
  '`codex-orchestrator start $ID` `codex-orchestrator start PIPELINE` `codex-orchestrator restart a`',
])('no command is found in %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('pipelines are found by what starts them', () => {
  const text =
    'a\n`codex-orchestrator start b --c` codex-orchestrator start d.\n\n    node x/codex-orchestrator.js start e\n';
  expect(found(text)).toEqual(['2 start b', '2 start d', '4 start e']);
});

test.each([
  ['`a/b.md` `./a/b` `"a/b"` `a/b/`', ['1 a/b.md', '1 a/b', '1 a/b', '1 a/b/']],
  [
    '`a/b.ts:12` `a/b.ts:12:3` `a/b.ts:1-5` `a/b.md#c`',
    ['1 a/b.ts', '1 a/b.ts', '1 a/b.ts', '1 a/b.md'],
  ],
  ['`a/b.ts:name`', ['1 a/b.ts:name|a/b.ts']],
  [
    '`a` `a b/c` `a/*` `a/<b>` `a/...` `https://a/b` `/a/b` `../a/b` `~/a/b` `a/{b}` `$A/b` `@a/b`',
    [],
  ],
  ['`a/b|c` `a/b(c)` `x=a/b` `--a/b` `a/b,c/d`', []],
  ['```\na/b\n```\n\n<!-- `a/b` --> a/b', []],
])('paths are found in %s', (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each([
  ['[a](b%20c.md#d%C3%A9)', ['1 (b c.md)#dé']],
  [
    '[a](b.md?raw=true#c) [d](#e) [f](/g) [h](<i j>)',
    ['1 (b.md)#c', '1 ()#e', '1 (/g)', '1 (i j)'],
  ],
  ['[a](b%zz.md) [c](100%.md)', ['1 (b%zz.md)', '1 (100%.md)']],
  [
    '[a](b.ts#L10) [a](b.ts#L10-L20) [a](b#top) [a](#) [a](b#:~:text=c)',
    ['1 (b.ts)', '1 (b.ts)', '1 (b)', '1 ()', '1 (b)'],
  ],
  ['[a](https://b) [c](mailto:d) [e](//f) <g@h.example>', []],
])('links are found in %s', (text, expected) => {
  expect(found(text)).toEqual(expected);
});
