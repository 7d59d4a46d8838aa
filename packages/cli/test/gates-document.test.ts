import { readFile } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { judgeInstructions } from '../src/gates/judge-instructions.js';

const document = await readFile(new URL('../../../docs/gates.md', import.meta.url), 'utf8');

test('the document has the rules that instruction files are judged by here', async () => {
  await using rig = await createRig();
  await rig.write({
    'empty.md': '',
    'unstamped.md': 'Be kind.\n',
    'changed.md': `<!-- codex:instruction-stamp ${'0'.repeat(64)} -->\nBe kind.\n`,
    'folder.md/file': '',
  });
  const paths = ['empty.md', 'unstamped.md', 'changed.md', 'folder.md', 'missing.md'];
  const { findings } = judgeInstructions(rig.root, paths);
  const rules = findings.map(({ rule }) => rule).sort();
  const [, section = ''] = document.split('\n## instruction-stamps\n');
  const documented = [...section.matchAll(/^\| `(file-[a-z]+|stamp-[a-z]+)`/gm)];
  expect(rules).toStrictEqual(documented.map(([, rule]) => rule).sort());
});

test('the document has every outcome', async () => {
  const source = new URL('../../gates/src/gate/gate-result.ts', import.meta.url);
  const [, list = ''] = /gateOutcomes = \[(.*?)\]/s.exec(await readFile(source, 'utf8')) ?? [];
  const outcomes = [...list.matchAll(/^ {2}'(\w+)',$/gm)].map(([, outcome]) => outcome);
  const [, section = ''] = document.split('\n## Outcomes and exit codes\n');
  const documented = [...section.matchAll(/^\| `(\w+)` /gm)].map(([, outcome]) => outcome);
  expect(documented.slice(0, outcomes.length)).toStrictEqual(outcomes);
});
