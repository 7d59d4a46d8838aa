import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { collectReferences } from '../../src/docs-check/collect-references.js';
import { docsCheck } from '../../src/docs-check/docs-check.js';
import { GateError } from '../../src/errors.js';
import { readDocument } from '../../src/markdown/read-document.js';
import { createGateRig } from '../gate-rig.js';

/** One of each construct, each closed: what follows it is read as if it were not there. */
const closedBlocks = [
  '# A `heading` with [a link](x.md) and <b id="y">HTML</b>',
  'Set\nin two lines\n===',
  'A paragraph with `npm run a`, `b/c.md` and\n[a link\nover lines](d.md "e")',
  '```sh\nnpm run a # [x](y)\n<!-- not closed\n```',
  '~~~~\n```\n[x](y)\n~~~~',
  '    indented [code](x)',
  '- a list\n  - with [a link](x.md)\n\n  and `code`\n- [ ] task',
  '1. numbered\n   > quoted `a/b`\n   > ```\n   > [x](y)\n   > ```',
  '> a quote\nthat goes on [x][y]',
  '| a | b |\n|---|:-:|\n| `c \\| d` | [e](f.md) |\n| g |',
  '<!-- a comment\n\nwith [a link](x.md) -->',
  'a <!-- comment --> and <!-- another\n[x](y) -->',
  '<details>\n<summary>[x](y)</summary>',
  '<pre>\n\n[x](y)\n</pre>',
  '<script>\n\n[x](y)\n</script>',
  '[y]: z.md "title"\n[z]: <a b.md>',
  '***',
  '[[[ not ]( closed `` ] ( < <a b="c',
  '\\[a\\](b) \\` &lt;!-- &#96;',
  '![image](a.png)![b][c]',
  '*a **b* c** _d_ ~~e~~',
] as const;

test('a broken link is found in its line whatever closed blocks stand around it', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = createSeededRandom(seed);
    const before = blocks(random);
    const text = [...before, '[x](gone.md)', ...blocks(random)].join('\n\n');
    const line = before.join('\n\n').split('\n').length + (before.length === 0 ? 0 : 2);
    const found = readDocument(text).links.filter(({ target }) => target === 'gone.md');
    expect(found, `seed ${seed}`).toEqual([{ kind: 'link', target: 'gone.md', line }]);
  }
});

test('no text makes reading fail, and every line that is named is one of the text', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createSeededRandom(seed);
    const text = mutate([...blocks(random), ...blocks(random)].join('\n\n'), random);
    const lines = text.split(/\r\n?|\n/).length;
    const document = readDocument(text);
    const named = [...collectReferences(document), ...document.headings, ...document.passages];
    const outside = named.filter(({ line }) => !(line >= 1 && line <= lines + 1));
    expect(outside, `seed ${seed}`).toEqual([]);
  }
});

const repeated: readonly (readonly [string, (count: number) => string])[] = [
  ['open brackets', (count) => '[a '.repeat(count)],
  ['nested brackets', (count) => '['.repeat(count) + ']'.repeat(count)],
  ['nested links', (count) => '['.repeat(count) + '](b)'.repeat(count)],
  ['open images', (count) => '![a]('.repeat(count)],
  ['open titles', (count) => '[a](b "'.repeat(count)],
  ['references', (count) => '[a][b] '.repeat(count)],
  ['open references', (count) => '[a][`'.repeat(count)],
  ['definitions', (count) => '[a]: b "\n'.repeat(count)],
  ['comments', (count) => 'a <!-- b --> '.repeat(count)],
  ['open comments', (count) => 'a <!-- '.repeat(count)],
  ['open tags', (count) => '<a b="'.repeat(count)],
  ['tags in a block', (count) => `<div>${'<h1 a="b'.repeat(count)}`],
  ['headings in a block', (count) => `<div>${'<h1>a'.repeat(count)}</h1>`],
  ['backticks', (count) => '`a``b```c'.repeat(count)],
  ['emphasis in a heading', (count) => `# ${'_a *b '.repeat(count)}`],
  ['equal headings', (count) => '# a\n'.repeat(count)],
  ['quotes', (count) => '>'.repeat(count)],
  ['lists', (count) => `${'* '.repeat(count)}a`],
  ['rows', (count) => `|a|b|\n|-|-|\n${'|`c`|d|\n'.repeat(count)}`],
  ['columns', (count) => `${'|a'.repeat(count)}\n${'|-'.repeat(count)}\n${'|b\n'.repeat(5)}`],
  ['a long line', (count) => `${'a/b '.repeat(count * 20)}\``],
  ['commands in a line', (count) => 'npm run a '.repeat(count)],
  ['commands in lines', (count) => `\`\`\`\n${'npm -a b -c run d\n'.repeat(count)}`],
  ['flags', (count) => `npm${' -a b'.repeat(count)} run`],
  ['spans of code', (count) => '`a/b:c` '.repeat(count)],
  ['front matter', (count) => `---\n${'a: `b/c`\n'.repeat(count)}---\n`],
];

test.each(repeated)('reading %s takes time in proportion to their number', (_name, repeat) => {
  const factor = 8;
  const few = Array.from({ length: factor }, () => repeat(250));
  const many = repeat(250 * factor);
  // As much text at once as in parts: what is quadratic takes `factor` times as long, every time.
  const limit = factor / 2;
  let ratio = Infinity;
  for (let attempt = 0; attempt < 5 && ratio >= limit; attempt++) {
    const apart = few.reduce((sum, text) => sum + cpuOf(text), 0);
    ratio = Math.min(ratio, cpuOf(many) / Math.max(apart, 1));
  }
  expect(ratio).toBeLessThan(limit);
});

test('a known broken reference fails the gate whatever the files beside it are', async () => {
  await using rig = await createGateRig({ git: false });
  const files = {
    'package.json': '{"scripts": {"a": "b"}, "dependencies": {"c": "1"}}',
    'docs/tasks-archive-policy.json': '{"max_lines": 450}',
    'docs/TASKS.md': '# Tasks\n\n[x](TASKS.md#tasks)\n',
    'docs/other.md': closedBlocks.join('\n\n'),
  };
  await rig.write('README.md', '`npm run gone` [x](gone.md)');
  // Without git, files are those of the folder.
  const git = () =>
    Promise.resolve({ exitCode: 127, output: '', complaint: 'no git', hasWords: false });
  let errors = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = createSeededRandom(seed);
    for (const [path, text] of Object.entries(files)) {
      await rig.write(path, random.next() < 0.5 ? text : mutateBytes(text, random));
    }
    const judged = await rig.run(docsCheck, { git }).catch((error: unknown) => error);
    if (judged instanceof GateError) {
      expect(judged.code, `seed ${seed}`).toBe('INVALID_FILE');
      errors += 1;
    } else {
      const lines = expect.arrayContaining(['README.md: link-missing: gone.md']) as unknown;
      expect(judged, `seed ${seed}`).toMatchObject({ passes: false, lines });
    }
  }
  expect(errors).toBeGreaterThan(0);
  expect(errors).toBeLessThan(60);
});

function blocks(random: SeededRandom): string[] {
  return Array.from({ length: random.integer(0, 6) }, () => random.pick(closedBlocks));
}

/** Cuts, repeats, drops and replaces pieces, often at what has a meaning. */
function mutate(text: string, random: SeededRandom): string {
  let mutated = text;
  for (let round = random.integer(1, 6); round > 0; round--) {
    const start = random.integer(0, mutated.length);
    const end = Math.min(mutated.length, start + random.integer(0, 40));
    const piece = mutated.slice(start, end);
    const change = random.pick([
      '',
      piece + piece,
      piece.toUpperCase(),
      random.pick(['\0', '\uFFFD', '\uD800', '\r', '\r\n', '\n', '\t', '\uFEFF', '\u2028']),
      random.pick(['`', '```', '[', '](', '<!--', '-->', '<a ', '---\n', '| ', '> ', '    ', '\\']),
      random.pick(['[', '>', '`', '- ', '<', '*']).repeat(random.integer(1, 300)),
    ]);
    mutated = mutated.slice(0, start) + change + mutated.slice(end);
  }
  return random.next() < 0.2 ? mutated.slice(0, random.integer(0, mutated.length)) : mutated;
}

/** The same, and bytes that are no text. */
function mutateBytes(text: string, random: SeededRandom): Uint8Array {
  const bytes = Buffer.from(mutate(text, random));
  for (let round = random.integer(0, 3); round > 0 && bytes.length > 0; round--) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return bytes;
}

function cpuOf(text: string): number {
  const start = process.cpuUsage();
  collectReferences(readDocument(text));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
