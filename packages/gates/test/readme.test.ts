import { readFile } from 'node:fs/promises';

import { runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createGateRig } from './gate-rig.js';

const readme = new URL('../README.md', import.meta.url);

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('README.md', '# Shop\n\nSee [the guide](docs/guide.md).\n');
  const env = { GIT_CEILING_DIRECTORIES: rig.root };
  const stdout = await runReadmeExample(readme, { cwd: rig.root, env });
  const [, said] = /^```text\n(.*?)^```$/ms.exec(await readFile(readme, 'utf8')) ?? [];
  expect(stdout).toBe(said);
});

test('the README has every code of an error', async () => {
  const source = await readFile(new URL('../src/errors.ts', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
  const text = await readFile(readme, 'utf8');
  const [, listed = ''] = /^Codes: (.*?)\.(?:\s|$)/ms.exec(text) ?? [];
  expect([...listed.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code)).toStrictEqual(codes);
});
