import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';

test('a usage error is exit code 2, words on stderr and nothing on stdout', async () => {
  await using rig = await createRig();
  expect(await call(['start', '--taks', 'a'], { cwd: rig.root })).toStrictEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'codex-orchestrator: Unknown flag `--taks`\n  Did you mean `--task`?\n',
  });
});

test.each([
  ['an unknown command', ['strat', '--format', 'json'], 'USAGE'],
  ['an unknown flag', ['--format=json', 'start', '--frob'], 'USAGE'],
  ['a wrong value', ['start', '--format', 'json', '--deadline', 'soon'], 'USAGE'],
  ['no configuration', ['start', 'checks', '--format', 'json'], 'CONFIG_NOT_FOUND'],
  ['a plan without a configuration', ['plan', 'checks', '--format', 'json'], 'CONFIG_NOT_FOUND'],
  ['a bad task', ['start', '--format', 'json', '--task', '../x'], 'INVALID_ID'],
  ['a run that is not there', ['status', '--run', '2026', '--format=json'], 'RUN_NOT_FOUND'],
  ['an exec without a command', ['exec', '--json'], 'USAGE'],
])('with json, %s is one JSON value on stdout with its code', async (_what, argv, code) => {
  await using rig = await createRig();
  const result = await call(argv, { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(/^codex-orchestrator: /);
});

test('with ndjson, an error is the verdict', async () => {
  await using rig = await createRig();
  const result = await call(['start', 'checks', '--format', 'ndjson'], { cwd: rig.root });
  expect(jsonLines(result)).toMatchObject([
    { type: 'verdict', error: { code: 'CONFIG_NOT_FOUND' }, exit_code: 2 },
  ]);
});

test('a missing configuration points to init and to what is built in', async () => {
  await using rig = await createRig();
  const result = await call(['start', 'checks'], { cwd: rig.root });
  expect(result.stderr).toContain('codex-orchestrator init');
  expect(result.stderr).toContain('diagnostics, implementation-gate, docs-review');
});

test('an empty task variable counts as unset, a bad one is refused only where it matters', async () => {
  await using rig = await createRig();
  const env = { MCP_RUNNER_TASK_ID: '..' };
  expect((await call(['self-check'], { cwd: rig.root, env })).exitCode).toBe(0);
  expect((await call(['plan'], { cwd: rig.root, env })).exitCode).toBe(2);
});

test('what a configuration says cannot paint the terminal', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': '{"pipelines": "\u001b[2Jx"}' });
  const result = await call(['plan', '\u001b]0;title\u0007'], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).not.toContain('\u001b');
  const stage = {
    kind: 'command',
    id: 'a\u001b[2J',
    title: '\u001b]0;x\u0007T',
    command: 'exit 1',
  };
  const pipeline = {
    id: 'p',
    title: '\u001b[2JChecks',
    stages: [stage, { ...stage, id: 'b\u001bc' }],
  };
  await rig.write({ 'codex.orchestrator.json': { defaultPipeline: 'p', pipelines: [pipeline] } });
  for (const argv of [['plan'], ['start', '--task=t'], ['status'], ['doctor']]) {
    const { stdout, stderr } = await call(argv, { cwd: rig.root });
    expect(stdout + stderr).not.toContain('\u001b');
  }
});
