import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendLines, readJson, visitLines, writeJsonAtomic } from '../src/index.js';

test('what is written and appended is read back', async () => {
  await using rig = await createRig();
  await writeJsonAtomic(rig.path('a.json'), { a: 1 }, { durability: 'power', root: rig.root });
  expect(await readJson(rig.path('a.json'))).toEqual({ a: 1 });
  await appendLines(rig.path('b'), ['one', 'two']);
  await appendLines(rig.path('b'), ['three'], { durability: 'power' });
  const seen: string[] = [];
  const summary = await visitLines(rig.path('b'), (line) => seen.push(line.text));
  expect(seen).toEqual(['one', 'two', 'three']);
  expect(summary).toMatchObject({ nextOffset: 14, lines: 3, truncated: false });
  expect(await rig.list()).toEqual(['a.json', 'b']);
});
