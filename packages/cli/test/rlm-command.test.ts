import { chmod } from 'node:fs/promises';

import { probeContainment } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallOptions, CallResult } from './call.js';

/** A repository whose agent writes a further line into `work` in each of its turns. */
async function createRepository(): Promise<Rig> {
  const rig = await createRig();
  await rig.write({
    agent: '#!/bin/sh\ncat > /dev/null\necho step >> work\necho "summary: one step more"\n',
    judge: '#!/bin/sh\ntest "$(wc -l < work)" -ge "${ENOUGH:-2}"\n',
    work: '',
  });
  await chmod(rig.path('agent'), 0o755);
  await chmod(rig.path('judge'), 0o755);
  return rig;
}

function rlm(
  rig: Rig,
  argv: readonly string[],
  { env, ...options }: Partial<CallOptions> = {},
): Promise<CallResult> {
  return call(argv, {
    cwd: rig.root,
    env: { RLM_AGENT_COMMAND: './agent', ...env },
    ...options,
  });
}

test('a goal that is reached exits 0, without any configuration, under a task of its own', async () => {
  await using rig = await createRepository();
  const result = await rlm(rig, [
    'rlm',
    'do',
    'the',
    'work',
    '--validator=./judge',
    '--format=json',
  ]);
  expect(result).toMatchObject({ exitCode: 0 });
  const answer = onlyJson(result);
  expect(answer).toMatchObject({
    status: 'succeeded',
    pipeline_id: 'rlm',
    task_id: expect.stringMatching(/^rlm-/) as string,
    loop: { verdict: 'passed', iterations: 2, agent: 'command', branch: null },
  });
  const { loop } = answer as { loop: { state: string } };
  expect(await rig.readJson(loop.state)).toMatchObject({ goal: 'do the work' });
  const { available } = await probeContainment();
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    options: available ? { contain: true } : {},
  });
});
