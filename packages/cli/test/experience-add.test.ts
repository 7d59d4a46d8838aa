import { sha256Hex } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallOptions } from './call.js';
import { experience, json, logPath } from './experience-rig.js';
import { pipelineOf } from './pipeline-of.js';

const lesson = 'Regenerate the client before the build, else its types do not match';
const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;

/** A run of one stage `build`; resolves to its id. */
async function startRun(rig: Rig, command = 'true'): Promise<string> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build', command }) });
  const answer = await call(['start', '--task=t', '--format=json'], { cwd: rig.root });
  return String(onlyJson(answer)['run_id']);
}

function add(
  rig: Rig,
  argv: readonly string[],
  options: Partial<CallOptions> = {},
): Promise<Record<string, unknown>> {
  return json(rig, ['add', '--domain=build', ...argv], options);
}

test('a lesson is added with the run that it can be checked by', async () => {
  await using rig = await createRig();
  const run = await startRun(rig);
  const manifest = `.runs/t/cli/${run}/manifest.json`;
  const argv = ['--run=latest', '--stage=build', '--source=me', `--summary=${lesson}`];
  const answer = await add(rig, argv);
  const { journal } = (await rig.readJson(manifest)) as { journal: { head: string } };
  expect(answer).toMatchObject({
    task_id: 't',
    run_id: run,
    domain: 'build',
    outcome: 'added',
    similarity: null,
    record: {
      runId: run,
      summary32: lesson,
      reward: { gtScore: 1, relativeRank: 0 },
      manifestPath: manifest,
      stageId: 'build',
      source: 'me',
      evidence: { path: manifest, sha256: journal.head },
    },
  });
  expect((await experience(rig, ['top', '--domain=build'])).stdout).toContain(lesson);
  const audit = await json(rig, ['audit']);
  expect(audit).toMatchObject({ status: 'ok', tasks: [{ findings: [] }] });
});

test('evidence holds after a further attempt of the run, and not without the run', async () => {
  await using rig = await createRig();
  const run = await startRun(rig, 'test -f there');
  const text = ['--outcome=failed', `--run=${run}`, `--summary=${lesson}`];
  expect(await add(rig, text)).toMatchObject({ record: { reward: { gtScore: 0 } } });
  await rig.write({ there: '' });
  expect((await call(['retry', run], { cwd: rig.root })).exitCode).toBe(0);
  expect(await json(rig, ['audit'])).toMatchObject({ status: 'ok' });
  await rig.write({
    [`.runs/t/cli/${run}/manifest.json`]: '{}',
    [`.runs/t/cli/${run}/runner.ndjson`]: '',
  });
  expect(await json(rig, ['audit'])).toMatchObject({
    status: 'warning',
    tasks: [{ findings: [{ code: 'EVIDENCE_BROKEN', count: 1 }] }],
  });
});

test('a run whose record has no journal is cited by the digest of its manifest', async () => {
  await using rig = await createRig();
  const manifest = `.runs/t/cli/${await startRun(rig)}/manifest.json`;
  const old = { ...((await rig.readJson(manifest)) as object), journal: undefined };
  await rig.write({ [manifest]: old });
  const sha256 = sha256Hex(await rig.read(manifest));
  const added = await add(rig, ['--run=latest', `--summary=${lesson}`]);
  expect(added).toMatchObject({ record: { evidence: { path: manifest, sha256 } } });
  expect(await json(rig, ['audit'])).toMatchObject({ tasks: [{ findings: [] }] });
  await rig.write({ [manifest]: { ...old, title: 'another' } });
  expect(await json(rig, ['audit'])).toMatchObject({
    tasks: [{ findings: [{ code: 'EVIDENCE_BROKEN', count: 1 }] }],
  });
});

test('rewards are as they are given, and the text comes from a file or from standard input', async () => {
  await using rig = await createRig();
  await startRun(rig);
  await rig.write({ 'lesson.txt': `${lesson}\n` });
  const scores = ['--run=latest', '--gt-score=0.25', '--relative-rank=-.5'];
  expect(await add(rig, [...scores, '--summary-file=lesson.txt'])).toMatchObject({
    record: { summary32: lesson, reward: { gtScore: 0.25, relativeRank: -0.5 } },
  });
  const other = 'Lock files of both package managers confuse the cache of the runner';
  expect(await add(rig, ['--run=latest', '--summary-file', '-'], { stdin: other })).toMatchObject({
    record: { summary32: other },
  });
});

test('only the first words are kept, as many as the environment allows', async () => {
  await using rig = await createRig();
  await startRun(rig);
  const env = { TFGRPO_EXPERIENCE_MAX_WORDS: '5' };
  expect(await add(rig, ['--run=latest', `--summary=${lesson}`], { env })).toMatchObject({
    record: { summary32: 'Regenerate the client before the' },
  });
  expect(await add(rig, ['--run=latest', `--summary=${lesson}`], { env })).toMatchObject({
    error: { code: 'LESSON_REFUSED', rule: 'known-already' },
  });
});

test('what is known already is refused by name, and with --force noted on the one that says it', async () => {
  await using rig = await createRig();
  await startRun(rig);
  const argv = ['--run=latest', `--summary=${lesson}`];
  const first = await add(rig, argv);
  const run = await startRun(rig);
  const refused = await experience(rig, ['add', '--domain=build', ...argv]);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain(`(known-already)`);
  expect(await add(rig, argv)).toMatchObject({
    error: { code: 'LESSON_REFUSED', rule: 'known-already', known_id: first['id'] },
    exit_code: 1,
  });
  expect(await add(rig, [...argv, '--force'])).toMatchObject({
    outcome: 'merged',
    id: first['id'],
    run_id: run,
    similarity: 1,
    record: null,
  });
  expect(await json(rig, ['list'])).toMatchObject({ total: 1, records: [{ seen: 1 }] });
});

test('boilerplate is refused, unless it is forced', async () => {
  await using rig = await createRig();
  await startRun(rig);
  const argv = ['--run=latest', '--summary=Command completed with exit code 0'];
  expect(await add(rig, argv)).toMatchObject({
    error: { code: 'LESSON_REFUSED', rule: 'exit-status' },
  });
  expect(await rig.list()).not.toContain(logPath);
  expect(await add(rig, [...argv, '--force'])).toMatchObject({ outcome: 'added' });
});

test.each([[[]], [['--force']]])('a secret is refused, whatever the flags (%j)', async (flags) => {
  await using rig = await createRig();
  await startRun(rig);
  for (const text of [`Use the token ${token} for the registry of the build`, token]) {
    for (const env of [{}, { CODEX_PRIVACY_GUARD_MODE: 'shadow' }]) {
      const result = await experience(
        rig,
        ['add', '--domain=build', '--run=latest', `--summary=${text}`, ...flags, '--format=json'],
        { env },
      );
      expect(onlyJson(result)).toMatchObject({
        error: { code: 'LESSON_REFUSED', rule: 'secret' },
        exit_code: 1,
      });
      expect(result.stdout + result.stderr).not.toContain(token);
    }
  }
  expect(await rig.list()).not.toContain(logPath);
});

test.each([
  [['--summary=x', '--run=2026-01-01T00-00-00-000Z-00000000'], 'RUN_NOT_FOUND', 2],
  [['--summary=x', '--run=../x'], 'RUN_NOT_FOUND', 2],
  [['--summary=x'], 'USAGE', 2],
  [['--run=latest'], 'USAGE', 2],
  [['--run=latest', '--summary=x', '--summary-file=y'], 'USAGE', 2],
  [['--run=latest', '--summary-file=absent'], 'ENOENT', 3],
  [['--run=latest', '--summary=x', '--stage=bulid'], 'STAGE_NOT_FOUND', 2],
  [['--run=latest', '--summary=x', '--force', '--gt-score=1e9'], 'USAGE', 2],
])('%j is refused with %s, also when it is forced', async (argv, code, exitCode) => {
  await using rig = await createRig();
  await startRun(rig);
  expect(await add(rig, [...argv, '--force'])).toMatchObject({
    error: { code },
    exit_code: exitCode,
  });
  expect(await rig.list()).not.toContain(logPath);
});

test('a run whose manifest cannot be read cannot be cited', async () => {
  await using rig = await createRig();
  const run = '2026-01-01T00-00-00-000Z-00000000';
  await rig.write({ [`.runs/t/cli/${run}/manifest.json`]: '{ torn' });
  const result = await experience(rig, [
    'add',
    '--domain=build',
    `--run=${run}`,
    `--summary=${lesson}`,
    '--force',
  ]);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain(`cannot read `);
  expect(await rig.list()).not.toContain(logPath);
});

test('a text that is far too long is refused before it is looked at', async () => {
  await using rig = await createRig();
  await startRun(rig);
  const argv = ['--run=latest', '--summary-file=-', '--force'];
  expect(await add(rig, argv, { stdin: 'word '.repeat(20_000) })).toMatchObject({
    error: { code: 'USAGE' },
  });
  expect(await add(rig, argv, { stdin: 'word '.repeat(2_000) })).toMatchObject({
    error: { code: 'LESSON_REFUSED', rule: 'too-long' },
  });
});
