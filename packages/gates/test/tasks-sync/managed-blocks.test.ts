import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { parseTaskIndex } from '../../src/tasks/task-index.js';
import { readChecklistBody } from '../../src/tasks-sync/checklist-body.js';
import { changeBlocks, findBlocks } from '../../src/tasks-sync/managed-blocks.js';
import { renderBlock } from '../../src/tasks-sync/render-task.js';

const parts = [
  '## Checklist',
  '### Part',
  '# Title',
  '- [x] item',
  '<!-- docs-sync:begin 0001-a -->',
  '<!-- docs-sync:end 0001-a -->',
  '  <!--\tdocs-sync:END 0001-a -->  ',
  '<!-- docs-sync:end 0002-b -->',
  '```',
  '~~~~ text',
  '<!-- open',
  '-->',
  '',
  'é\u2028\r',
] as const;
const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

test('whatever a checklist says, its block is one block and leaves the one behind it whole', () => {
  const index = parseTaskIndex('{"items":[{"id":"0001","slug":"a"},{"id":"0002","slug":"b"}]}');
  const [task, other] = index.items;
  if (!task || !other) throw new Error('Internal error: two tasks are needed');
  for (const seed of seeds) {
    const random = createSeededRandom(seed);
    const lines = Array.from({ length: random.integer(0, 12) }, () => random.pick([...parts]));
    const lineBreak = random.pick(['\n', '\r\n']);
    const block = renderBlock(task, readChecklistBody(lines.join(lineBreak)), 'mirror.md');
    const behind = renderBlock(other, readChecklistBody('- [ ] behind'), 'mirror.md');
    const changes = [block, behind].map((text) => ({ block: null, text }));
    const text = changeBlocks(`# Tasks${lineBreak}`, changes);
    const found = findBlocks(text);
    expect([...found.keys()], `seed ${seed}`).toEqual(['0001-a', '0002-b']);
    const [first, second] = [...found.values()];
    if (first?.kind !== 'block' || second?.kind !== 'block') throw new Error(`seed ${seed}`);
    expect(text.slice(first.start, first.end).replaceAll('\r\n', '\n'), `seed ${seed}`).toBe(
      block.replaceAll('\r\n', '\n'),
    );
    const changed = changeBlocks(text, [{ block: first, text: block }]);
    expect(changed, `seed ${seed}`).toBe(text);
  }
});

test('what a checklist leaves open is closed at its end', () => {
  const bodyOf = (text: string): string => readChecklistBody(`## Checklist\n${text}`).text;
  expect(bodyOf('```js\ncode')).toBe('```js\ncode\n```');
  expect(bodyOf('~~~~\n```\n~~~')).toBe('~~~~\n```\n~~~\n~~~~');
  expect(bodyOf('a <!-- b')).toBe('a <!-- b\n-->');
  expect(bodyOf('<!--\n```\n-->\ntext')).toBe('<!--\n```\n-->\ntext');
});

test('a heading in code is none, and without a checklist all behind the title is mirrored', () => {
  const body = readChecklistBody('# T\n```\n## Checklist\n```\n### A\n###### F\n');
  expect(body.text).toBe('```\n## Checklist\n```\n### A\n###### F');
  expect(body.promoted).toBe('```\n## Checklist\n```\n## A\n##### F');
  expect(readChecklistBody('').text).toBe('');
});
