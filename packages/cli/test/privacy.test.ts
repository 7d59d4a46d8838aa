import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

const secret = 'v3ry-Pr1vate-value-0815';
const env = { SERVICE_TOKEN: secret };

/** A stage that has the secret in its command and another one in its own environment. */
const telling = pipelineOf({
  id: 'a',
  command: `echo ${secret} own-S3cret-4711`,
  env: { OWN_PASSWORD: 'own-S3cret-4711' },
});

test.each([['plan'], ['plan', '--format=json']])('%s %s shows no secret', async (...argv) => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': telling });
  const { exitCode, stdout, stderr } = await call(argv, { cwd: rig.root, env });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('echo [REDACTED] [REDACTED]');
  expect(stdout + stderr).not.toMatch(/Pr1vate|S3cret/);
});

test('an error quotes no secret, for people or for programs', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const result = await call(['start', secret, '--format=json'], { cwd: rig.root, env });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'PIPELINE_NOT_FOUND' }, exit_code: 2 });
  expect(result.stdout).toContain("Pipeline '[REDACTED]' not found");
  expect(result.stdout + result.stderr).not.toContain('Pr1vate');
});

test('in shadow mode nothing is changed', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': telling });
  const shadow = { ...env, CODEX_PRIVACY_GUARD_MODE: 'shadow' };
  const { stdout } = await call(['plan'], { cwd: rig.root, env: shadow });
  expect(stdout).toContain(secret);
});
