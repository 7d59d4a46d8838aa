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

test.each(['text', 'agent', 'json', 'ndjson'])(
  'a secret that a stage prints is nowhere to be read, with --format %s',
  async (format) => {
    await using rig = await createRig();
    const command = `echo out ${secret}; printf '%s' "$SERVICE_TOKEN" | base64 >&2; exit 3`;
    await rig.write({
      'codex.orchestrator.json': pipelineOf({ id: 'a', title: secret, command }),
    });
    const argv = ['start', '--task=t', `--format=${format}`, `--approval-policy=${secret}`];
    const { exitCode, stdout, stderr } = await call(argv, { cwd: rig.root, env });
    expect(exitCode).toBe(1);
    const encoded = Buffer.from(secret).toString('base64');
    for (const path of (await rig.list('.runs')).map((name) => name)) {
      const content = await rig.read(path);
      expect(content, path).not.toContain(secret);
      expect(content, path).not.toContain(encoded);
    }
    expect(stdout + stderr).not.toContain(secret);
    const [log = ''] = (await rig.list('.runs')).filter((path) => path.endsWith('.log'));
    expect(await rig.read(log)).toContain('out [REDACTED]');
  },
);

test('what was found is counted in the manifest', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo "$SERVICE_TOKEN"' }),
  });
  const started = await call(['start', '--task=t', '--format=json'], { cwd: rig.root, env });
  const { manifest } = onlyJson(started);
  expect(await rig.readJson(String(manifest))).toMatchObject({
    privacy: { mode: 'enforce', decisions: [{ action: 'redact', stage_id: 'a', count: 1 }] },
  });
});
