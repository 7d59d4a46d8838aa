import { mkdir } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';

test.each([
  ['its exit code', 'exit 9', 9],
  ['0', 'exit 0', 0],
  ['128+n for a signal', 'kill -KILL $$', 137],
])('exec exits with %s', async (_what, script, exitCode) => {
  await using rig = await createRig();
  const result = await call(['exec', '--json', '--', 'sh', '-c', script], { cwd: rig.root });
  expect(result.exitCode).toBe(exitCode);
  expect(onlyJson(result)).toMatchObject({
    type: 'run:summary',
    payload: { result: { exitCode }, run: { pipelineId: 'exec' } },
  });
});

test('a program that is not there is 127, with the reason', async () => {
  await using rig = await createRig();
  const result = await call(['exec', '--format=text', '--', './missing'], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 127, stdout: '' });
  expect(result.stderr).toMatch(/^Could not be started: /m);
});

test('as text, the output of the command is passed on byte for byte', async () => {
  await using rig = await createRig();
  const result = await call(
    [
      'exec',
      '--format=text',
      '--task=t',
      '--',
      'sh',
      '-c',
      String.raw`printf 'out\n\001\033[1mé'; echo err >&2`,
    ],
    { cwd: rig.root },
  );
  expect(result.stdout).toBe('out\n\u0001\u001b[1mé');
  expect(result.stderr).toMatch(/^\$ sh -c .*\nerr\n\S+ SUCCEEDED\nManifest: .*\nLog: .*\n$/s);
});

test('--jsonl prints the events of the command and the summary last; a pipe gets it unasked', async () => {
  await using rig = await createRig();
  const command = ['--', 'sh', '-c', String.raw`printf '\303'; sleep 0.1; printf '\251\n'`];
  const asked = await call(['exec', '--jsonl', '--task=t', ...command], { cwd: rig.root });
  const unasked = await call(['exec', '--task=t', ...command], { cwd: rig.root });
  for (const result of [asked, unasked]) {
    const lines = jsonLines(result);
    const chunks = lines.filter(({ type }) => type === 'exec:chunk');
    const texts = chunks.map(({ payload }) => (payload as { data: string }).data);
    expect(lines[0]).toMatchObject({ type: 'exec:begin', payload: { command: 'sh', attempt: 1 } });
    expect(texts.join('')).toBe('é\n');
    expect(lines.at(-2)).toMatchObject({
      type: 'exec:end',
      payload: { exitCode: 0, stdout: 'é\n' },
    });
    expect(lines.at(-1)).toMatchObject({ type: 'run:summary', payload: { status: 'succeeded' } });
  }
});

test('--json compact is one line, --json and --format json are pretty', async () => {
  await using rig = await createRig();
  const lengthOf = async (...flags: string[]): Promise<number> => {
    const result = await call(['exec', ...flags, '--task=t', '--', 'true'], { cwd: rig.root });
    onlyJson(result);
    return result.stdout.trimEnd().split('\n').length;
  };
  expect(await lengthOf('--json', 'compact')).toBe(1);
  expect(await lengthOf('--json')).toBeGreaterThan(10);
  expect(await lengthOf('--format=json')).toBeGreaterThan(10);
});

test('contradicting formats are refused before anything runs', async () => {
  await using rig = await createRig();
  const result = await call(['exec', '--json', '--jsonl', '--', 'touch', 'ran'], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(await rig.list()).toStrictEqual([]);
});

test('words are handed on as they are, and the folder is relative to the call', async () => {
  await using rig = await createRig();
  await rig.write({ '.git/HEAD': '' });
  await mkdir(rig.path('src/deep'), { recursive: true });
  const script = 'printf "%s|" "$@"; pwd';
  const result = await call(
    [
      'exec',
      '--cwd',
      'deep',
      '--format=text',
      '--task=t',
      '--',
      'sh',
      '-c',
      script,
      '_',
      '',
      'a b',
      '$x',
      '--task',
      '01',
    ],
    { cwd: rig.path('src') },
  );
  expect(result.stdout).toBe(`|a b|$x|--task|01|${rig.path('src/deep')}\n`);
  expect((await rig.list('.runs')).length).toBeGreaterThan(0);
});

test('a signal cancels the command and decides the exit code', async () => {
  await using rig = await createRig();
  const result = await call(['exec', '--jsonl', '--', 'sh', '-c', 'echo up; exec sleep 60'], {
    cwd: rig.root,
    onOutput: (text, send) => {
      if (text.includes('exec:chunk')) send('SIGTERM');
    },
  });
  expect(result.exitCode).toBe(143);
  expect(jsonLines(result).at(-1)).toMatchObject({ payload: { status: 'cancelled' } });
});

test.each(['--format=text', '--jsonl', '--json', '--format=agent'])(
  'exec %s shows no secret of its own command line',
  async (format) => {
    await using rig = await createRig();
    const secret = ['correct', 'horse', 'battery'].join('-');
    const result = await call(['exec', format, '--task=t', '--', 'echo', secret], {
      cwd: rig.root,
      env: { DEPLOY_SECRET: secret },
    });
    expect(result.exitCode).toBe(0);
    expect(result.stdout + result.stderr).not.toContain(secret);
  },
);
