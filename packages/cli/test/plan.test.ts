import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';

const config = {
  defaultPipeline: 'all',
  stageSets: {
    quick: [{ kind: 'command', id: 'lint', title: 'Lint', command: ['npm', 'run', 'a b'] }],
  },
  pipelines: [
    {
      id: 'all',
      title: 'Everything',
      description: 'All of it.',
      stages: [
        { kind: 'stage-set', ref: 'quick' },
        {
          kind: 'command',
          id: 'test',
          title: 'Test',
          command: 'npm test',
          cwd: 'app',
          env: { TOKEN: 'secret-value' },
          allowFailure: true,
          summaryHint: 'Tests passed',
          timeoutMs: 1000,
          retries: 2,
        },
        { kind: 'subpipeline', id: 'more', title: 'More', pipeline: 'rest', optional: true },
      ],
    },
    {
      id: 'rest',
      title: 'Rest',
      stages: [{ kind: 'command', id: 'x', title: 'X', command: 'true' }],
    },
  ],
};

test('plan shows every stage with what is not at its default, and writes nothing', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': config });
  const result = await call(['plan'], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.stdout).toMatchInlineSnapshot(`
    "Pipeline: all — Everything [user]
    Description: All of it.
    Stages:
      1. [command] Lint (lint)
         command: npm run 'a b'
      2. [command] Test (test)
         command: npm test
         cwd: app
         env: TOKEN
         allowFailure: true
         summaryHint: Tests passed
         timeoutMs: 1000
         retries: 2
      3. [subpipeline] More (more)
         pipeline: rest
         optional: true
         1. [command] X (x)
            command: true
    Target: all:lint
    "
  `);
  expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
});

test('the json plan hides the values of variables', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': config });
  const result = await call(['plan', 'all', '--format=json', '--target=test'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({
    pipeline: { id: 'all', source: 'user' },
    stages: [{ index: 1, id: 'lint' }, { env: { TOKEN: '[REDACTED]' } }, { kind: 'subpipeline' }],
    targetId: 'all:test',
  });
  expect(result.stdout).not.toContain('secret-value');
});

test('what has no effect is told on stderr, with its place', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': { ...config, pipelnes: [] } });
  const result = await call(['plan', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(
    /^codex-orchestrator: warning: codex\.orchestrator\.json:\d+:\d+: /,
  );
});

test('self-check says what this is', async () => {
  await using rig = await createRig();
  expect(onlyJson(await call(['self-check', '--format=json'], { cwd: rig.root }))).toMatchObject({
    status: 'ok',
    name: 'codex-orchestrator',
    node: process.version,
  });
});
