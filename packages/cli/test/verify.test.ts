import { generateKeyPairSync } from 'node:crypto';
import { rm, truncate } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';
import { pipelineOf } from './pipeline-of.js';

const signingKey = 'CODEX_ORCHESTRATOR_SIGNING_KEY';

interface Finished {
  readonly runId: string;
  readonly folder: string;
}

async function finishRun(rig: Rig, env: Record<string, string> = {}): Promise<Finished> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo fine' }) });
  const result = await call(['start', '--task=t', '--format=json'], { cwd: rig.root, env });
  expect(result.exitCode).toBe(0);
  const { run_id: runId, artifact_root: folder } = onlyJson(result);
  return { runId: String(runId), folder: String(folder) };
}

function verify(rig: Rig, ...argv: string[]): Promise<CallResult> {
  return call(['verify', '--format=json', ...argv], { cwd: rig.root });
}

test('a record that nobody touched is intact', async () => {
  await using rig = await createRig();
  const { runId } = await finishRun(rig);
  const result = await verify(rig);
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({
    verdict: 'intact',
    runs: [{ run_id: runId, verdict: 'intact', sealed: true, signature: 'absent', findings: [] }],
    unreadable: [],
  });
  const text = await call(['verify', runId], { cwd: rig.root });
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toMatch(
    / intact \(\d+ journal lines, \d+ files\)\nVerdict: intact \(1 run\)\n$/,
  );
});

const log = 'commands/01-a.log';

test.each([
  ['altered', log, 'file-altered', (rig: Rig, path: string) => rig.write({ [path]: 'fake\n' })],
  ['cut', log, 'file-cut', (rig: Rig, path: string) => truncate(rig.path(path), 2)],
  ['missing', log, 'file-missing', (rig: Rig, path: string) => rm(rig.path(path))],
  ['missing', 'manifest.json', 'manifest-missing', (rig: Rig, path: string) => rm(rig.path(path))],
])('a file that is %s is named: %s', async (_how, name, code, damage) => {
  await using rig = await createRig();
  const { runId, folder } = await finishRun(rig);
  const path = `${folder}/${name}`;
  await damage(rig, path);
  const result = await verify(rig, '--run', runId);
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({
    verdict: 'damaged',
    runs: [{ run_id: runId, findings: [{ code, path }] }],
  });
  const text = await call(['verify', runId], { cwd: rig.root });
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toContain(`  ${code}: ${path}: `);
});

test('an altered line of the journal is named, also to people', async () => {
  await using rig = await createRig();
  const { folder, runId } = await finishRun(rig);
  const path = `${folder}/runner.ndjson`;
  await rig.write({ [path]: (await rig.read(path)).replace('"exit_code":0', '"exit_code":1') });
  const { stdout, exitCode } = await call(['verify', runId], { cwd: rig.root });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^ {2}journal-altered: \S+runner\.ndjson:\d+: /m);
});

test('--all looks at every run; one without a manifest hides no other', async () => {
  await using rig = await createRig();
  const first = await finishRun(rig);
  const second = await finishRun(rig);
  await rig.write({ [`${first.folder}/manifest.json`]: '{ torn' });
  const result = await verify(rig, '--all');
  expect(result.exitCode).toBe(1);
  const { runs } = onlyJson(result) as { runs: { run_id: string; verdict: string }[] };
  expect(new Map(runs.map(({ run_id: id, verdict }) => [id, verdict]))).toStrictEqual(
    new Map([
      [second.runId, 'intact'],
      [first.runId, 'damaged'],
    ]),
  );
});

function keyPair(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

test('a signed record verifies with its key and with no other', async () => {
  await using rig = await createRig();
  const [mine, other] = [keyPair(), keyPair()];
  await rig.write({
    'key.pem': mine.privateKey,
    'mine.pem': mine.publicKey,
    'other.pem': other.publicKey,
  });
  await finishRun(rig, { [signingKey]: 'key.pem' });
  const signatureBy = async (...argv: string[]): Promise<unknown> => {
    const result = await verify(rig, ...argv);
    const { runs } = onlyJson(result) as { runs: { signature: string }[] };
    return [result.exitCode, runs[0]?.signature];
  };
  expect(await signatureBy('--public-key=mine.pem')).toStrictEqual([0, 'valid']);
  expect(await signatureBy()).toStrictEqual([0, 'unchecked']);
  expect(await signatureBy('--public-key=other.pem')).toStrictEqual([1, 'invalid']);
});

test('where a signature is asked for, its absence is a finding', async () => {
  await using rig = await createRig();
  await rig.write({ 'mine.pem': keyPair().publicKey });
  await finishRun(rig);
  const result = await verify(rig, '--public-key=mine.pem');
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({ runs: [{ findings: [{ code: 'signature-missing' }] }] });
});

const rsaKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

test.each([
  ['no file', undefined],
  ['no key', 'something else'],
  ['a key of another kind', rsaKey.privateKey],
])('a signing key that is %s is refused before anything runs', async (_what, content) => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'touch ran' }) });
  if (content !== undefined) await rig.write({ 'key.pem': content });
  const env = { [signingKey]: 'key.pem' };
  for (const argv of [
    ['start', '--task=t'],
    ['exec', '--task=t', '--', 'touch', 'ran'],
  ]) {
    const [name = '', ...rest] = argv;
    const result = await call([name, '--format=json', ...rest], { cwd: rig.root, env });
    expect(onlyJson(result)).toMatchObject({
      error: { code: 'SIGNING_KEY_UNUSABLE' },
      exit_code: 2,
    });
    expect(result.stdout + result.stderr).not.toContain('BEGIN');
  }
  expect(await rig.list()).not.toContain('ran');
  expect((await rig.list()).filter((path) => path.startsWith('.runs'))).toStrictEqual([]);
});

test.each([
  ['--public-key=absent.pem', 'PUBLIC_KEY_UNUSABLE'],
  ['--public-key=text.pem', 'PUBLIC_KEY_UNUSABLE'],
  ['--public-key=rsa.pem', 'PUBLIC_KEY_UNUSABLE'],
  ['--run=../x', 'RUN_NOT_FOUND'],
  ['--task=a:b', 'INVALID_ID'],
])('verify %s is refused as %s', async (flag, code) => {
  await using rig = await createRig();
  await rig.write({ 'text.pem': 'text', 'rsa.pem': rsaKey.publicKey });
  const result = await verify(rig, flag);
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
});

test('verify takes one run or all of them', async () => {
  await using rig = await createRig();
  expect(onlyJson(await verify(rig, '--all', '--run=x'))).toMatchObject({
    error: { code: 'USAGE' },
    exit_code: 2,
  });
});
