import { readFile } from 'node:fs/promises';

import { createRig, runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { verdictExitCodes } from '../src/index.js';
import { detectionRules } from '../src/validator/detection-rules.js';

const readme = new URL('../README.md', import.meta.url);

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  const stdout = await runReadmeExample(readme, { cwd: rig.root });
  expect(stdout).toBe('passed 0 2 The validator passed in iteration 2.\n');
  expect(await rig.read('answer')).toBe('42\n');
  expect(await rig.list('loop')).toContain('loop/state.json');
});

test('the README has all verdicts with their exit codes', async () => {
  const text = await readFile(readme, 'utf8');
  const table = /<!-- verdicts -->(.*)<!-- \/verdicts -->/s.exec(text)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| `(\w+)` +\| (\d+) +\|/gm)];
  const codes = new Map(rows.map(([, status = '', code]) => [status, Number(code)]));
  expect(Object.fromEntries(codes)).toStrictEqual(verdictExitCodes);
});

test('the documents have the rules that validators are detected by', async () => {
  const text = await readFile(new URL('../../../docs/agent-loops.md', import.meta.url), 'utf8');
  const table = /<!-- detection -->(.*)<!-- \/detection -->/s.exec(text)?.[1] ?? '';
  const [, , ...rows] = table.trim().split('\n');
  expect(rows.map((row) => row.replace(/ +/g, ' '))).toStrictEqual(
    detectionRules.map(
      ({ ecosystem, when, command }) => `| ${ecosystem} | ${when} | \`${command}\` |`,
    ),
  );
});
