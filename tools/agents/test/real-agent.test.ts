import { existsSync, utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { pinnedAgents, provideAgent } from '../src/real-agent.mjs';

/** In place of npm: counts its calls, and installs a program that knows its version. */
async function createNpm(rig: Rig, work: string): Promise<string> {
  const script = `#!/bin/sh\necho "$@" >> ${rig.path('npm.log')}\n${work}\n`;
  await writeFile(rig.path('npm'), script, { mode: 0o755 });
  return rig.path('npm');
}

const installs = `mkdir -p node_modules/.bin
printf '#!/bin/sh\\necho 1' > node_modules/.bin/codex
chmod +x node_modules/.bin/codex`;

const folder = `cache/codex-${pinnedAgents.codex.version}`;

async function countCalls(rig: Rig): Promise<number> {
  return existsSync(rig.path('npm.log'))
    ? (await rig.read('npm.log')).trim().split('\n').length
    : 0;
}

test('two at once install the pinned version once, without scripts, and find it from then on', async () => {
  await using rig = await createRig();
  const options = {
    environment: {},
    cache: rig.path('cache'),
    npm: await createNpm(rig, installs),
  };
  const both = await Promise.all([provideAgent('codex', options), provideAgent('codex', options)]);
  const path = rig.path(folder, 'node_modules/.bin/codex');
  expect(both).toStrictEqual([{ path }, { path }]);
  expect(await provideAgent('codex', options)).toStrictEqual({ path });
  expect(await countCalls(rig)).toBe(1);
  const line = await rig.read('npm.log');
  expect(line).toContain('--ignore-scripts');
  expect(line).toContain(`@openai/codex@${pinnedAgents.codex.version}`);
});

test('an installation that was broken off is made anew, past the lock of who was killed', async () => {
  await using rig = await createRig();
  await rig.write({ [`${folder}/node_modules/.bin/codex`]: 'half of a program' });
  await mkdir(rig.path(`${folder}.lock`));
  utimesSync(rig.path(`${folder}.lock`), 0, 0);
  const npm = await createNpm(rig, installs);
  const provided = await provideAgent('codex', { environment: {}, cache: rig.path('cache'), npm });
  expect(provided).toStrictEqual({ path: rig.path(folder, 'node_modules/.bin/codex') });
  expect(await rig.read(`${folder}/node_modules/.bin/codex`)).not.toContain('half');
});

test.each([
  ['echo "npm error network no registry" >&2; exit 1', 'no registry'],
  ['true', 'there is no binary for'],
])('where npm does `%s` the reason says so', async (work, reason) => {
  await using rig = await createRig();
  const npm = await createNpm(rig, work);
  const lines: string[] = [];
  const options = { environment: {}, cache: rig.path('cache'), npm };
  const warn = (line: string): unknown => lines.push(line);
  const provided = await provideAgent('codex', { ...options, warn });
  expect(provided).toStrictEqual({ skipped: expect.stringContaining(reason) as string });
  expect(lines.join()).toContain(reason);
  expect(existsSync(rig.path(`${folder}.lock`))).toBe(false);
});

test('a given one is taken as it is, and none when they are switched off', async () => {
  await using rig = await createRig();
  await rig.write({ mine: '' });
  const given = { CODEX_ORCHESTRATOR_TEST_CODEX: rig.path('mine') };
  expect(await provideAgent('codex', { environment: given })).toStrictEqual({
    path: rig.path('mine'),
  });
  const off = { ...given, CODEX_ORCHESTRATOR_REAL_AGENTS: '0' };
  expect(await provideAgent('codex', { environment: off, warn: () => undefined })).toHaveProperty(
    'skipped',
  );
});
