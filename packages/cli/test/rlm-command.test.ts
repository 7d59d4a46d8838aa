import { chmod } from 'node:fs/promises';

import { probeContainment } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import type { CallOptions, CallResult } from './call.js';
import { verdictSchema } from './verdict-schema.js';

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

test('start rlm is the same, and a loop that used its iterations exits 3 in every format', async () => {
  await using rig = await createRepository();
  const argv = ['--validator=./judge', '--max-iterations=1', '--task=t', '--no-contain'];
  const env = { ENOUGH: '9' };
  const text = await rlm(rig, ['start', 'rlm', '--goal=work', ...argv], { env });
  expect(text.exitCode).toBe(3);
  expect(text.stdout).toContain('Loop: max_iterations after 1 iteration: ');
  expect(text.stdout).toMatch(/RLM_MAX_ITERATIONS=2 codex-orchestrator resume --run \S+/);
  expect(text.stderr).toContain('rlm iteration 1: judge failed with exit code 1');
  const lines = await rlm(rig, ['rlm', 'work', ...argv, '--format=ndjson'], { env });
  expect(lines.exitCode).toBe(3);
  expect(jsonLines(lines).map(({ type }) => type)).toContain('loop.iteration');
  expect(jsonLines(lines).at(-1)).toMatchObject({
    type: 'verdict',
    exit_code: 3,
    loop: { verdict: 'max_iterations' },
  });
  const verdict = verdictSchema().safeParse(jsonLines(lines).at(-1));
  expect(verdict.error?.issues ?? []).toStrictEqual([]);
  const { run_id: runId, manifest } = jsonLines(lines).at(-1) ?? {};
  expect(await rig.readJson(String(manifest))).toMatchObject({ options: { contain: false } });
  const waited = await call(['wait', '--run', String(runId), '--format=agent'], { cwd: rig.root });
  expect(waited.exitCode).toBe(3);
  expect(waited.stdout).toMatch(/^loop: max_iterations, 1 iteration with command/m);
});

test('a resume with a higher limit goes on where the loop ended', async () => {
  await using rig = await createRepository();
  const argv = ['rlm', 'work', '--validator=./judge', '--max-iterations=1', '--format=json'];
  const first = onlyJson(await rlm(rig, [...argv, '--no-contain']));
  expect(first).toMatchObject({ exit_code: 3, loop: { iterations: 1 } });
  const resumed = await rlm(rig, ['resume', '--format=json'], { env: { RLM_MAX_ITERATIONS: '3' } });
  expect(onlyJson(resumed)).toMatchObject({
    run_id: first['run_id'],
    exit_code: 0,
    loop: { verdict: 'passed', iterations: 2 },
  });
});

test('a retry begins the loop anew, with the goal and the flags that its run was started with', async () => {
  await using rig = await createRepository();
  const argv = ['rlm', 'work', '--validator=./judge', '--max-iterations=1', '--no-contain'];
  expect((await rlm(rig, argv)).exitCode).toBe(3);
  const retried = onlyJson(await rlm(rig, ['retry', '--format=json']));
  expect(retried).toMatchObject({ exit_code: 0, loop: { verdict: 'passed', iterations: 1 } });
  expect(await rig.readJson(String(retried['manifest']))).toMatchObject({
    options: { rlm_goal: 'work', rlm_max_iterations: '1' },
  });
});

test('without a validator and without anybody to ask, the candidates are listed, and it exits 2', async () => {
  await using rig = await createRepository();
  await rig.write({ 'go.mod': 'module x', 'Cargo.toml': '' });
  const result = await rlm(rig, ['rlm', 'work', '--format=json', '--no-contain']);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('go test ./...');
  expect(result.stderr).toContain('cargo test');
  expect(result.stderr).toContain('choose with --validator');
  expect(onlyJson(result)).toMatchObject({ loop: { verdict: 'no_validator', iterations: 0 } });
  expect(await rig.read('work')).toBe('');
});

test('somebody at a terminal is asked before the run starts', async () => {
  await using rig = await createRepository();
  await rig.write({
    'package.json': { scripts: { test: './judge' } },
    'package-lock.json': '{}',
    'Cargo.toml': '',
  });
  const argv = ['rlm', 'work', '--no-contain', '--task=t'];
  const { stderr } = await rlm(rig, [...argv, '--max-iterations=1'], { isTTY: true, stdin: '\n' });
  const number = /(\d+)\. npm test/.exec(stderr)?.[1] ?? 'none';
  const chosen = await rlm(rig, argv, { isTTY: true, stdin: `${number}\n` });
  expect(chosen.exitCode).toBe(0);
  expect(chosen.stdout).toContain('Loop: passed after 2 iterations');
});

test.each([
  [['rlm'], {}, /Expected RLM_GOAL/],
  [['rlm', 'work', '--max-iterations=2x'], {}, /--max-iterations .*"2x"/],
  [['rlm', 'work'], { RLM_MAX_MINUTES: '-1' }, /RLM_MAX_MINUTES .*"-1"/],
  [['rlm', 'work', '--max-iterations=0', '--max-minutes=0'], {}, /never end/],
])('%j is refused by name, with exit code 5', async (argv, env, message) => {
  await using rig = await createRepository();
  const all = [...argv, '--validator=none', '--no-contain', '--format=json'];
  const answer = onlyJson(await rlm(rig, all, { env }));
  expect(answer).toMatchObject({ exit_code: 5, loop: { verdict: 'invalid_config' } });
  expect(answer['root_cause']).toMatch(message);
});

test('a repository with rules remembers what a loop was about', async () => {
  await using rig = await createRepository();
  const experiences = { record: [{ pipelines: ['rlm'] }] };
  await rig.write({ 'codex.orchestrator.json': { pipelines: [], experiences } });
  const argv = ['rlm', 'write enough steps', '--validator=./judge', '--task=t', '--no-contain'];
  expect((await rlm(rig, argv)).exitCode).toBe(0);
  const lines = (await rig.read('out/t/experiences.jsonl')).trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    domain: 'rlm',
    summary32: expect.stringMatching(
      /^Goal "write enough steps"; agent loop passed after 2 iterations/,
    ) as string,
  });
});

test('hotspots that the agent reports become experiences beside that of the run, each once', async () => {
  await using rig = await createRepository();
  const finding = (file: string, title: string): object => ({
    title,
    hotspot: { file, symbol: 'parse' },
    evidence: ['took 900 of 1000 ms in the profile'],
    candidate_fixes: [
      { title: 'cache the parsed tree', description: 'x', files: [file], tests: [] },
    ],
  });
  const findings = [
    finding('src/a.ts', 'The parser reads every file twice'),
    finding('src/b.ts', 'Sorting happens inside of the loop over rows'),
  ];
  await rig.write({
    'src/a.ts': '',
    'src/b.ts': '',
    'answer.md': `Here they are.\n\`\`\`json\n${JSON.stringify({ findings })}\n\`\`\`\n`,
    agent: '#!/bin/sh\ncat > /dev/null\necho step >> work\ncat answer.md\n',
    'codex.orchestrator.json': { pipelines: [], experiences: { record: [{ domain: 'speed' }] } },
  });
  const argv = ['rlm', 'find hotspots', '--validator=./judge', '--task=t', '--no-contain'];
  const answer = onlyJson(await rlm(rig, [...argv, '--max-iterations=1', '--format=json']));
  expect(answer).toMatchObject({ loop: { verdict: 'max_iterations', findings: 2 } });
  const again = await rlm(rig, ['resume', '--format=json'], { env: { RLM_MAX_ITERATIONS: '2' } });
  expect(onlyJson(again)).toMatchObject({ loop: { verdict: 'passed', findings: 2 } });
  const log = (await rig.read('out/t/experiences.jsonl')).trimEnd().split('\n');
  const records = log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map(({ summary32 }) => summary32)).toStrictEqual([
    expect.stringMatching(/^Goal "find hotspots"; agent loop max_iterations/),
    expect.stringMatching(/^Hotspot in src\/a.ts \(parse\): The parser reads every file twice/),
    expect.stringMatching(/^Hotspot in src\/b.ts \(parse\): Sorting happens inside/),
    expect.stringMatching(/^Goal "find hotspots"; agent loop passed/),
  ]);
  expect(records).toStrictEqual(
    records.map(() => expect.objectContaining({ domain: 'speed', source: 'rule' }) as object),
  );
});

test('a detached loop is given the goal and the flags of the call', async () => {
  await using rig = await createRepository();
  const argvs: (readonly string[])[] = [];
  const spawnDetached: CallOptions['spawnDetached'] = (argv) => {
    argvs.push(argv);
    throw new Error('Expected no more than this');
  };
  const argv = ['rlm', 'do', 'it', '--validator=./judge', '--max-tokens=5', '--detach'];
  await rlm(rig, argv, { spawnDetached });
  expect(argvs[0]).toStrictEqual(
    expect.arrayContaining(['start', '--goal=do it', '--validator=./judge', '--max-tokens=5']),
  );
  expect(argvs[0]?.slice(-2)).toStrictEqual(['--', 'rlm']);
});
