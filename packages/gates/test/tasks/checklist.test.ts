import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { evidenceOf, parseChecklist } from '../../src/tasks/checklist.js';

const linesOf = (...lines: readonly string[]): string => lines.join('\n');

test('an item has its text, its box, its section and what shows it', () => {
  const checklist = parseChecklist(
    linesOf(
      '# Task 0939 - Gates',
      '',
      '## Checklist',
      '- [x] Build is green. Evidence: `.runs/0939-a/cli/r1/manifest.json`, [log](../out/a/log.md) (failed)',
      '- [ ] Docs',
    ),
  );
  expect(checklist).toEqual({
    title: 'Task 0939 - Gates',
    items: [
      {
        number: 1,
        line: 4,
        lastLine: 4,
        indent: 0,
        isDone: true,
        text: 'Build is green.',
        section: 'Checklist',
        evidence: [
          { target: '.runs/0939-a/cli/r1/manifest.json', from: 'root', stated: null, line: 4 },
          { target: '../out/a/log.md', from: 'document', stated: 'failed', line: 4 },
        ],
      },
      {
        number: 2,
        line: 5,
        lastLine: 5,
        indent: 0,
        isDone: false,
        text: 'Docs',
        section: 'Checklist',
        evidence: [],
      },
    ],
    looseEvidence: [],
  });
});

test('what is indented below an item is its evidence, and a paragraph goes on with its next line', () => {
  const { items, looseEvidence } = parseChecklist(
    linesOf(
      '* [X] Outer - **Evidence:**',
      '  `a/b.md`, `c/d.md`',
      '  - note. Evidence: `e/f.md`',
      '  1. [ ] Inner',
      '     Evidence: `g/h.md`',
      '',
      'Evidence: `i/j.md`',
    ),
  );
  expect(items.map(({ text, isDone, evidence }) => [text, isDone, evidence.length])).toEqual([
    ['Outer', true, 3],
    ['Inner', false, 1],
  ]);
  expect(looseEvidence.map(({ target, line }) => [target, line])).toEqual([['i/j.md', 7]]);
});

test.each([
  ['(failed)', 'failed'],
  ['(expected failure)', 'failed'],
  ['(status: failed)', 'failed'],
  ['(Status: timed_out)', 'timed_out'],
  ['(succeeded)', 'succeeded'],
  ['(diagnostics)', null],
  ['and it failed', null],
])('behind a link, %s says %s of the run', (words, stated) => {
  const { items } = parseChecklist(`- [x] A. Evidence: \`x/manifest.json\` ${words}`);
  expect(items[0]?.evidence[0]?.stated).toBe(stated);
});

test('commands, ids, addresses and branches are no evidence that could be looked up', () => {
  const said = ['`npm run build`', '`18df1d93-b9ae`', '`https://x.test/a.md`', '`origin/main`'];
  const more = ['[page](https://x.test/a.md)', '[below](#here)'];
  const { items } = parseChecklist(`- [x] A. Evidence: ${[...said, ...more].join(', ')}`);
  expect(items[0]?.evidence).toEqual([]);
});

test('anchors and numbers of lines are no part of a path', () => {
  const { items } = parseChecklist(
    '- [x] A. Evidence: `a/b.ts:12-30`, `a/c.md#top`, [d](d%20e.md#x)',
  );
  expect(items[0]?.evidence.map(({ target }) => target)).toEqual(['a/b.ts', 'a/c.md', 'd e.md']);
});

test('code blocks and comments hold no items, and a mark of a comment in a sentence hides nothing', () => {
  const { items } = parseChecklist(
    linesOf(
      '```md',
      '- [x] In code. Evidence: `a/b.md`',
      '```',
      '<!-- - [x] In a comment',
      '- [x] Still in it -->',
      'Comments begin with `<!--`, as everybody knows',
      '> - [x] Quoted. Evidence: `c/d.md`',
    ),
  );
  expect(items.map(({ text }) => text)).toEqual(['Quoted.']);
});

test('no text breaks the reader, keeps it long, or makes it forget a ticked item', () => {
  const random = createSeededRandom(939);
  const pieces = ['- [x] ', '- [ ] ', 'Evidence: ', '`', '](', '[', ')', '\n', '  ', '```', '<!--'];
  const all = [...pieces, '-->', '> ', '# ', '\t', 'a/b.md', '(failed)', '\uD800', '\0', '1. '];
  for (let round = 0; round < 500; round += 1) {
    const parts = Array.from({ length: 40 }, () => all[random.integer(0, all.length - 1)] ?? '');
    const checklist = parseChecklist(`${parts.join('')}\n~~~\n~~~\n\`\`\`\n\n-->\n\n`);
    for (const { link } of evidenceOf(checklist)) expect(link.target).not.toBe('');
  }
  for (const hostile of ['[', '`', '](', ' ', '<!--', '(a ', 'evidence:', '- [x] ', '> ', '#']) {
    const text = `- [x] Done. Evidence: \`a/b.md\`\nEvidence: ${hostile.repeat(500_000)}`;
    expect(parseChecklist(text).items[0]?.evidence[0]?.target).toBe('a/b.md');
  }
});
