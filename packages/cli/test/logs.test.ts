import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';

async function runStages(rig: Rig, ...stages: readonly Stage[]): Promise<string> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const argv = ['start', '--task=t', '--keep-going', '--format=json'];
  return String(onlyJson(await call(argv, { cwd: rig.root }))['run_id']);
}

const escapes = 'printf "\\033[31mred\\033[0m\\rover\\n\\033]0;title\\007rest"; exit 1';

test('the log of what failed, else of what ran last, byte for byte', async () => {
  await using rig = await createRig();
  const stages = [
    { id: 'a', command: 'echo fine' },
    { id: 'b', command: escapes, needs: [] },
    { id: 'c', command: 'echo last', needs: [] },
  ];
  await runStages(rig, ...stages);
  const result = await call(['logs'], { cwd: rig.root });
  expect(result).toStrictEqual({
    exitCode: 0,
    stdout: '\u001b[31mred\u001b[0m\rover\n\u001b]0;title\u0007rest',
    stderr: '',
  });
  await runStages(rig, { id: 'a', command: 'echo fine' }, { id: 'c', command: 'echo last' });
  expect(await call(['logs'], { cwd: rig.root })).toMatchObject({ stdout: 'last\n' });
});

test('on a terminal, nothing that it would obey', async () => {
  await using rig = await createRig();
  await runStages(rig, { id: 'b', command: escapes });
  const result = await call(['logs'], { cwd: rig.root, isTTY: true });
  expect(result.stdout).toBe('red\nover\nrest\n');
});

test('a stage is named by id or number; a wrong name is answered with the right ones', async () => {
  await using rig = await createRig();
  await runStages(rig, { id: 'build', command: 'echo 1' }, { id: 'test', command: 'echo 2' });
  for (const stage of ['build', '1']) {
    const result = await call(['logs', '--stage', stage], { cwd: rig.root });
    expect(result.stdout).toBe('1\n');
  }
  const result = await call(['logs', '--stage=tset', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'STAGE_NOT_FOUND', hint: 'Did you mean `test`?' },
  });
});

test('all that failed, under headers that are no part of the logs', async () => {
  await using rig = await createRig();
  const runId = await runStages(
    rig,
    { id: 'a', command: 'echo 1; exit 1', needs: [] },
    { id: 'b', command: 'echo 2', needs: ['a'] },
    { id: 'c', command: 'sleep 0.1; echo 3; exit 1', needs: [] },
  );
  const result = await call(['logs', runId, '--failed'], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 0, stdout: '1\n3\n' });
  expect(result.stderr.replaceAll(runId, '<run>')).toBe(
    [
      '==> a (.runs/t/cli/<run>/commands/01-a.log) <==',
      '==> c (.runs/t/cli/<run>/commands/03-c.log) <==',
      '',
    ].join('\n'),
  );
  await runStages(rig, { id: 'a' });
  const none = await call(['logs', '--failed'], { cwd: rig.root });
  expect(none).toMatchObject({ exitCode: 0, stdout: '' });
  expect(none.stderr).toContain('no stage of the run');
});

test.each([
  [1, 'x3'],
  [2, '2\nx3'],
  [3, '1\n2\nx3'],
  [9, '1\n2\nx3'],
])('the last %d lines', async (lines, expected) => {
  await using rig = await createRig();
  await runStages(rig, { id: 'a', command: 'printf "1\\n2\\nx3"' });
  const argv = ['logs', '--lines', String(lines)];
  expect((await call(argv, { cwd: rig.root })).stdout).toBe(expected);
});

test('the last lines of a log that is longer than what is read at once', async () => {
  await using rig = await createRig();
  await runStages(rig, { id: 'a', command: 'seq 1 100000' });
  const argv = ['logs', '--lines=70000'];
  const { stdout } = await call(argv, { cwd: rig.root });
  expect(stdout.startsWith('30001\n30002\n')).toBe(true);
  expect(stdout.endsWith('\n100000\n')).toBe(true);
  const [log] = onlyJson(await call(['logs', '--format=json'], { cwd: rig.root }))['logs'] as [
    Record<string, unknown>,
  ];
  expect(log).toMatchObject({ stage: 'a', bytes: 588_895, is_cut: true });
  expect(String(log['text'])).toMatch(/^\d{5}\n(.*\n)+100000\n$/);
  expect(String(log['text']).length).toBeLessThanOrEqual(64 * 1024);
});

test('each attempt of a stage has its log', async () => {
  await using rig = await createRig();
  const command = 'echo x >> tries; wc -l < tries | tr -d " "; [ "$(wc -l < tries)" -ge 3 ]';
  await runStages(rig, { id: 'a', command, retries: { max: 2, backoffMs: 0 } });
  const logOf = async (...argv: string[]): Promise<string> =>
    (await call(['logs', ...argv], { cwd: rig.root })).stdout;
  expect(await logOf('--attempt=1')).toBe('1\n');
  expect(await logOf('--attempt=2')).toBe('2\n');
  expect(await logOf()).toBe('3\n');
  expect((await call(['logs', '--attempt=4'], { cwd: rig.root })).exitCode).toBe(2);
});

test('a stage that ran a pipeline of its own leads to the log of what failed there', async () => {
  await using rig = await createRig();
  const stage = { kind: 'command', id: 'x', title: 'X', command: 'echo inside; exit 1' };
  const outer = { kind: 'subpipeline', id: 'sub', title: 'Sub', pipeline: 'inner' };
  const pipeline = { guardrailsRequired: false, title: 'P' };
  await rig.write({
    'codex.orchestrator.json': {
      defaultPipeline: 'outer',
      pipelines: [
        { ...pipeline, id: 'outer', stages: [outer] },
        { ...pipeline, id: 'inner', stages: [stage] },
      ],
    },
  });
  const argv = ['start', '--task=t', '--format=json'];
  const runId = String(onlyJson(await call(argv, { cwd: rig.root }))['run_id']);
  const result = await call(['logs', runId], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 0, stdout: 'inside\n' });
});

test('a log that is gone, or was never begun, is said to be', async () => {
  await using rig = await createRig();
  await runStages(rig, { id: 'a', command: 'rm "$CODEX_ORCHESTRATOR_RUN_DIR/commands/01-a.log"' });
  const result = await call(['logs', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(3);
  expect(onlyJson(result)).toMatchObject({ error: { code: 'LOG_NOT_FOUND' } });
});

test('a record leads to no file outside of the runs', async () => {
  await using rig = await createRig();
  const runId = await runStages(rig, { id: 'a', command: 'echo x' });
  const path = `.runs/t/cli/${runId}/manifest.json`;
  const text = await rig.read(path);
  await rig.write({
    secret: 'secret\n',
    [path]: text.replaceAll(/"log_path": "[^"]*01-a\.log"/g, '"log_path": "secret"'),
  });
  const result = await call(['logs'], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain('does not stay inside');
});
