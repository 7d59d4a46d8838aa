import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { installFakeAgents } from '../src/install-fake-agents.mjs';
import type { Scenario, ScriptedTurn } from '../src/scenario.mjs';
import { findProcesses, startProcess } from '../src/start-process.mjs';
import { fakeAgentNames, voiceOf } from '../src/voice.mjs';

async function install(rig: Rig, turns: Scenario['turns'], more: Partial<Scenario> = {}) {
  const folder = installFakeAgents(rig.path('bin'));
  await rig.write({ 'scenario.json': { ...more, turns }, 'work/start.txt': '' });
  const env = { PATH: process.env['PATH'], FAKE_AGENT_SCENARIO: rig.path('scenario.json') };
  return { env, cwd: rig.path('work'), program: (name: string) => join(folder, name) };
}

async function call(rig: Rig, turn: ScriptedTurn, name = 'codex') {
  const { program, ...where } = await install(rig, { '1': turn });
  const agent = startProcess([program(name), 'exec', '--json', 'Goal\nITERATION: 1'], where);
  const { exitCode, signal } = await agent.ended;
  return { exitCode, signal, stdout: agent.stdout(), stderr: agent.stderr() };
}

function readEvents(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const everything: ScriptedTurn = {
  steps: [
    { write: { 'deep/sum.mjs': 'fixed\n' } },
    { run: 'cat deep/sum.mjs; exit 3' },
    { deny: 'rm -rf /' },
    { wait: 'network' },
    { error: 'one thing went wrong' },
    { say: 'Done.' },
  ],
};

const lastEvents: Readonly<Record<string, object>> = {
  codex: {
    type: 'turn.completed',
    usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 50 },
  },
  claude: {
    ...{ type: 'result', subtype: 'success', is_error: false, result: 'Done.' },
    usage: { input_tokens: 800, cache_read_input_tokens: 200, output_tokens: 50 },
    total_cost_usd: 0.01,
    permission_denials: [{ tool_name: 'Bash', tool_input: { command: 'rm -rf /' } }],
  },
  gemini: { type: 'result', status: 'success', stats: { input_tokens: 1000, cached: 200 } },
  qwen: {
    type: 'result',
    is_error: false,
    usage: { input_tokens: 1000 },
    permission_denials: [{ tool_name: 'Bash' }],
  },
  opencode: { type: 'step_finish', part: { reason: 'stop', cost: 0.01 } },
};

test('it does the steps of its turn and says so in the events of the agent it is called as', async () => {
  await using rig = await createRig();
  const { exitCode, stdout } = await call(rig, everything, 'claude');
  expect(exitCode).toBe(0);
  expect(await rig.read('work/deep/sum.mjs')).toBe('fixed\n');
  expect(stdout).toContain('fixed\\n');
  expect(readEvents(stdout).at(-1)).toMatchObject(lastEvents['claude'] ?? {});
});

test.each(fakeAgentNames)('the events of %s', (name) => {
  const voice = voiceOf(name);
  const usage = { input: 1000, cached: 200, output: 50, costUsd: 0.01 };
  const call = { command: 'node --test', output: 'not ok', exitCode: 1 };
  expect(voice.begin()).not.toHaveLength(0);
  expect(JSON.stringify(voice.tool(call))).toContain('node --test');
  expect(JSON.stringify(voice.changed('sum.mjs'))).toContain('sum.mjs');
  expect(JSON.stringify(voice.error('out of disk'))).toContain('out of disk');
  expect(JSON.stringify(voice.say('Done.'))).toContain('Done.');
  voice.deny('rm -rf /');
  expect(voice.end({ ok: true, usage }).at(-1)).toMatchObject(lastEvents[name] ?? {});
  expect(JSON.stringify(voice.end({ ok: false, usage }))).toContain('The turn failed');
});

test('it fails with a terminal event, or ends without one', async () => {
  await using rig = await createRig();
  const failed = await call(rig, { end: 'failed' });
  expect(failed.exitCode).toBe(1);
  expect(readEvents(failed.stdout).at(-1)).toMatchObject({ type: 'turn.failed' });
  const aborted = await call(rig, { steps: [{ say: 'On my way' }], end: 'none' });
  expect(aborted.exitCode).toBe(0);
  expect(readEvents(aborted.stdout).at(-1)).toMatchObject({ item: { text: 'On my way' } });
});

test('the turn is chosen by the iteration and the role that the prompt names, wherever it is', async () => {
  await using rig = await createRig();
  const turns = {
    '2': { steps: [{ say: 'second' }] },
    '2:critic': { steps: [{ say: 'critic of second' }] },
    '*': { steps: [{ say: 'any other' }] },
  };
  const { program, ...where } = await install(rig, turns, { record: rig.path('calls.ndjson') });
  await rig.write({ 'prompt.md': 'ITERATION: 2\n\nYou are the critic of it.\n' });
  const byFile = await promisify(execFile)(
    program('codex'),
    ['exec', rig.path('prompt.md')],
    where,
  );
  const byArgument = await promisify(execFile)(program('gemini'), ['-p', 'x\nITERATION: 2'], where);
  const byInput = execFileSync(program('claude'), ['-p'], { ...where, input: 'ITERATION: 3' });
  expect(byFile.stdout).toContain('critic of second');
  expect(byArgument.stdout).toContain('second');
  expect(byInput.toString()).toContain('any other');
  const calls = readEvents(await rig.read('calls.ndjson'));
  expect(calls).toMatchObject([
    { name: 'codex', iteration: 2, role: 'critic', args: ['exec', rig.path('prompt.md')] },
    { name: 'gemini', iteration: 2, role: 'agent', cwd: rig.path('work') },
    { name: 'claude', iteration: 3, prompt: 'ITERATION: 3' },
  ]);
});

test('it prints as much as it is told to, in lines or in one', async () => {
  await using rig = await createRig();
  const lines = await call(rig, { steps: [{ flood: 1_000_000 }], end: 'none' });
  expect(lines.stdout.match(/^x{99}$/gm)).toHaveLength(10_000);
  const one = await call(rig, { steps: [{ flood: 1_000_000, oneLine: true }], end: 'none' });
  expect(one.stdout.match(/^x{1000000}$/gm)).toHaveLength(1);
});

test('raw text, a commit, an emptied test and an end by a signal', async () => {
  await using rig = await createRig();
  await rig.write({ 'work/sum.test.mjs': 'real test\n' });
  execFileSync('git', ['init', '--quiet'], { cwd: rig.path('work') });
  const steps = [
    { print: '{"half": ' },
    { warn: 'careful' },
    { tamper: 'sum.test.mjs' },
    { commit: 'Sneaked in' },
    { signal: 'SIGKILL' as const },
  ];
  const { signal, stdout, stderr } = await call(rig, { steps });
  expect(signal).toBe('SIGKILL');
  expect([stdout.includes('{"half": '), stderr]).toStrictEqual([true, 'careful']);
  expect(await rig.read('work/sum.test.mjs')).not.toContain('real test');
  const log = execFileSync('git', ['log', '--format=%an %s'], { cwd: rig.path('work') });
  expect(log.toString()).toBe('Agent Sneaked in\n');
});

test.runIf(existsSync('/proc/self/environ')).each([false, true])(
  'what it leaves behind goes on writing until its folder is gone (setsid: %s)',
  async (setsid) => {
    await using outer = await createRig();
    await using rig = await createRig();
    const { program, ...where } = await install(outer, {
      '1': { steps: [{ heartbeat: rig.path('beat'), setsid }] },
    });
    await startProcess([program('codex'), 'ITERATION: 1'], where).ended;
    const beatsOf = async (): Promise<number> =>
      Number((await rig.read('beat').catch(() => '')).split(' ')[1] ?? 0);
    const before = await beatsOf();
    await expect.poll(beatsOf, { interval: 10 }).toBeGreaterThan(before);
    expect(findProcesses(outer.root)).toHaveLength(1);
    await rig[Symbol.asyncDispose]();
    await expect.poll(() => findProcesses(outer.root), { interval: 10 }).toStrictEqual([]);
  },
);

test('it stays after its terminal event for as long as it is told to', async () => {
  await using rig = await createRig();
  const { program, ...where } = await install(rig, { '1': { lingerMs: 'forever' } });
  const agent = startProcess([program('codex'), 'ITERATION: 1'], where);
  await agent.printed('turn.completed');
  agent.killGroup();
  expect(await agent.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
});

test('it says its version, and no agent is made that cannot be played', async () => {
  await using rig = await createRig();
  const { program, ...where } = await install(rig, {});
  const { stdout } = await promisify(execFile)(program('qwen'), ['--version'], where);
  expect(stdout).toBe('qwen 0.0.0-fake\n');
  expect(() => installFakeAgents(rig.path('more'), ['cursor'])).toThrow('No agent "cursor"');
});
