import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { completed, filesOf, message, ran, say, secret, started, takeTurn } from './take-turn.js';

async function eventLines(rig: Rig): Promise<unknown[]> {
  const text = await rig.read('rlm/iterations/1/events.ndjson');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Whether a process is there and not dead. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a turn that completes leaves its prompt, its log and its events', async () => {
  await using rig = await createRig();
  const script = [
    'echo "[$(cat)]"; cat "$RLM_PROMPT_FILE"; pwd',
    say(started, message('I look.'), ran('npm test', 1), message('It is done.'), completed),
  ].join('\n');
  const turn = await takeTurn(rig, script);
  expect(turn).toStrictEqual({
    role: 'agent',
    outcome: 'completed',
    reason: null,
    exitCode: 0,
    durationMs: expect.any(Number) as number,
    message: 'It is done.',
    sessionId: 'thread-1',
    usage: { inputTokens: 1000, cachedInputTokens: 900, outputTokens: 50, costUsd: 0 },
    toolCalls: 1,
    denials: [],
    errors: [],
    lingered: false,
    promptPath: 'iterations/1/prompt.md',
    logPath: 'iterations/1/agent.log',
    eventsPath: 'iterations/1/events.ndjson',
  });
  expect(await rig.read('rlm/iterations/1/prompt.md')).toBe('Fix it.');
  const log = await rig.read('rlm/iterations/1/agent.log');
  expect(log).toContain(`[Fix it.]\nFix it.${rig.path('repo')}\n`);
  expect(await eventLines(rig)).toStrictEqual([
    { type: 'session', id: 'thread-1' },
    { type: 'message', text: 'I look.' },
    { type: 'tool', name: 'command_execution', detail: 'npm test', failed: true },
    { type: 'message', text: 'It is done.' },
    { type: 'usage', counts: 'total', usage: turn.usage },
    { type: 'end', ok: true, reason: 'completed' },
  ]);
});

test.each([
  ['exit 0', 0, 'It exited with 0 without the event that ends a turn'],
  ['echo "error: no such flag" >&2; exit 2', 2, 'turn: error: no such flag'],
  ['kill -TERM $$', 143, 'It was ended by SIGTERM without the event that ends a turn'],
  [say({ type: 'error', message: 'no key' }), 0, 'turn: no key'],
])(
  'without its terminal event a turn is aborted, whatever the exit code: %s',
  async (end, exitCode, reason) => {
    await using rig = await createRig();
    const turn = await takeTurn(rig, `${say(started, message('All tests pass!'))}\n${end}`);
    expect(turn).toMatchObject({ outcome: 'aborted-without-terminal-event', exitCode });
    expect(turn.reason).toContain(reason);
  },
);

test('a terminal event that says so, and an exit code behind one that does not, are failures', async () => {
  await using rig = await createRig();
  const failed = { type: 'turn.failed', error: { message: 'no model' } };
  expect(await takeTurn(rig, say(started, failed))).toMatchObject({
    outcome: 'failed',
    reason: 'no model',
    errors: ['no model'],
    exitCode: 0,
  });
  expect(await takeTurn(rig, `${say(completed)}\nexit 3`)).toMatchObject({
    outcome: 'failed',
    reason: 'It said that all went well, and exited with 3.',
    exitCode: 3,
  });
});

test('an agent that hangs is ended at the limit of silence, and so is what it started', async () => {
  await using rig = await createRig();
  const script = `${say(started)}\ntrap "" TERM\nsleep 1000 &\necho "child=$!" >&2\nwait; wait; wait`;
  const turn = await takeTurn(rig, script, { silenceTimeoutMs: 300 });
  expect(turn).toMatchObject({ outcome: 'silent', exitCode: null, lingered: false });
  const log = await rig.read('rlm/iterations/1/agent.log');
  const child = Number(/child=(\d+)/.exec(log)?.[1]);
  expect(child).toBeGreaterThan(1);
  expect(isRunning(child)).toBe(false);
});

test('waiting for the service is silence, however often it is told', async () => {
  await using rig = await createRig();
  const waiting = say({ type: 'error', message: 'Reconnecting... waiting for network' });
  const script = `${say(started)}\nwhile :; do\n${waiting}\nsleep 0.05; done`;
  const turn = await takeTurn(rig, script, { silenceTimeoutMs: 400 });
  expect(turn.outcome).toBe('silent');
  expect(turn.reason).toContain('Its last words: Reconnecting...');
  expect(await eventLines(rig)).toContainEqual({
    type: 'waiting',
    detail: 'Reconnecting... waiting for network',
  });
});

test('a process that stays after its terminal event is ended, and the turn has completed', async () => {
  await using rig = await createRig();
  const script = `${say(started, completed)}\nsleep 1000`;
  const turn = await takeTurn(rig, script, { lingerMs: 100, silenceTimeoutMs: 50_000 });
  expect(turn).toMatchObject({ outcome: 'completed', lingered: true, exitCode: null });
  const impatient = await takeTurn(rig, script, { silenceTimeoutMs: 400 });
  expect(impatient).toMatchObject({ outcome: 'completed', lingered: true });
});

test('an agent that works on after a terminal event is not lingering: the last one counts', async () => {
  await using rig = await createRig();
  const failed = { type: 'turn.failed', error: { message: 'second' } };
  const script = `${say(completed, message('One more thing.'))}\nsleep 0.4\n${say(failed)}`;
  const turn = await takeTurn(rig, script, { lingerMs: 100 });
  expect(turn).toMatchObject({ outcome: 'failed', reason: 'second', lingered: false });
});

test('limits of time and of output end a turn', async () => {
  await using rig = await createRig();
  const slow = await takeTurn(rig, 'sleep 1000', { turnTimeoutMs: 100 });
  expect(slow).toMatchObject({ outcome: 'timed-out', reason: 'It took longer than 100 ms.' });
  const noisy = await takeTurn(rig, 'yes', { maxOutputBytes: 100_000 });
  expect(noisy).toMatchObject({ outcome: 'output-limit', exitCode: null });
});

test('what a turn may use ends it while it works, and not when it is done', async () => {
  await using rig = await createRig();
  const step = (reason: string, input: number, cost: number): object => ({
    type: 'step_finish',
    part: { reason, cost, tokens: { input } },
  });
  const script = `${say(step('tool-calls', 300, 0.5), step('tool-calls', 300, 0.5))}\nsleep 1000`;
  const tokens = await takeTurn(rig, script, {
    name: 'opencode',
    allowance: { tokens: 500, costUsd: null },
  });
  expect(tokens).toMatchObject({ outcome: 'budget-limit', usage: { inputTokens: 600 } });
  const money = await takeTurn(rig, script, {
    name: 'opencode',
    allowance: { tokens: null, costUsd: 0.9 },
  });
  expect(money).toMatchObject({ outcome: 'budget-limit', usage: { costUsd: 1 } });
  const done = await takeTurn(rig, say(step('stop', 600, 1)), {
    name: 'opencode',
    allowance: { tokens: 500, costUsd: 0.9 },
  });
  expect(done.outcome).toBe('completed');
});

test('a turn is cancelled by the signal of the loop, before it began as well', async () => {
  await using rig = await createRig();
  const controller = new AbortController();
  const turn = await takeTurn(rig, `${say(started)}\nsleep 1000`, {
    signal: controller.signal,
    onRaw: () => {
      controller.abort();
    },
  });
  expect(turn).toMatchObject({ outcome: 'cancelled', exitCode: null, sessionId: 'thread-1' });
  const never = await takeTurn(rig, 'touch ran', { signal: AbortSignal.abort() });
  expect(never).toMatchObject({ outcome: 'cancelled', logPath: null, eventsPath: null });
  expect(await rig.list('repo')).toStrictEqual(['repo/file']);
});

test('an agent that is not there, or that nothing says how to start, is an outcome', async () => {
  await using rig = await createRig();
  const missing = await takeTurn(rig, '', { program: rig.path('no-such-agent') });
  expect(missing).toMatchObject({ outcome: 'spawn-failed', exitCode: null, eventsPath: null });
  expect(missing.reason).toContain('no-such-agent');
  const empty = await takeTurn(rig, '', { program: '' });
  expect(empty.outcome).toBe('spawn-failed');
  const nothing = await takeTurn(rig, '', { name: 'command' });
  expect(nothing.outcome).toBe('spawn-failed');
  expect(nothing.reason).toContain('has no template');
});

test('a command without events has completed when it exits with 0; its output is its message', async () => {
  await using rig = await createRig();
  const script = 'cat "$1"; printf "\\033[31mdone\\033[0m\\n"; exit "$CODE"';
  const template = (code: number): string => `CODE=${code} '${rig.path('agent')}' {prompt_file}`;
  const good = await takeTurn(rig, script, { name: 'command', template: template(0) });
  expect(good).toMatchObject({ outcome: 'completed', message: 'Fix it.done', eventsPath: null });
  const bad = await takeTurn(rig, script, { name: 'command', template: template(3) });
  expect(bad).toMatchObject({ outcome: 'failed', exitCode: 3 });
  expect(bad.reason).toBe('It exited with 3: Fix it.done');
  const quiet = await takeTurn(rig, '', {
    name: 'command',
    template: 'sleep 1000',
    silenceTimeoutMs: 100,
  });
  expect(quiet.outcome).toBe('silent');
  const speaking = await takeTurn(rig, '', {
    name: 'command',
    template: say(started, message('Hello.')),
    speaks: 'codex',
  });
  expect(speaking).toMatchObject({
    outcome: 'aborted-without-terminal-event',
    message: 'Hello.',
  });
});

test('a secret that an agent prints is nowhere in what is kept', async () => {
  await using rig = await createRig();
  const script = [
    `echo 'trouble with ${secret}' >&2`,
    say(
      { type: 'thread.started', thread_id: secret },
      message(`${'x'.repeat(16 * 1024 - 5)}${secret}${'y'.repeat(100)}`),
      message(`It is ${secret}, done.`),
      ran(`login ${secret}`, 1, `${secret}: Read-only file system\n`),
      { type: 'error', message: `bad ${secret}` },
      { type: 'turn.failed', error: { message: `failed with ${secret}` } },
    ),
  ].join('\n');
  const turn = await takeTurn(rig, script, { prompt: `Use ${secret}.` });
  expect(JSON.stringify(turn)).not.toContain('hunter2');
  expect(turn).toMatchObject({
    message: 'It is [REDACTED], done.',
    reason: 'failed with [REDACTED]',
    denials: ['command_execution: login [REDACTED]: [REDACTED]: Read-only file system'],
  });
  for (const file of await rig.list('rlm'))
    expect(await rig.read(file), file).not.toContain('hunter2');
  expect((await rig.list('rlm')).length).toBe(3);
});

test('the file of events has its limit, and ends with what was left out and the end', async () => {
  await using rig = await createRig();
  const many = Array.from({ length: 100 }, (_, at) => message(`message ${at}`));
  const script = say(started, ...many, completed);
  const turn = await takeTurn(rig, script, { maxEventBytes: 2000 });
  expect(turn).toMatchObject({ outcome: 'completed', message: 'message 99' });
  const events = await eventLines(rig);
  expect((await rig.read('rlm/iterations/1/events.ndjson')).length).toBeLessThanOrEqual(2000);
  expect(events.at(-1)).toStrictEqual({ type: 'end', ok: true, reason: 'completed' });
  // The session, all messages and the usage.
  expect(events.at(-2)).toStrictEqual({ type: 'omitted', events: 102 - (events.length - 2) });
});

test('events that cannot be written cost their file; a prompt that cannot be ends the turn', async () => {
  await using rig = await createRig();
  const { events } = filesOf(rig);
  // A pipe would never answer.
  const turn = await takeTurn(rig, `mkfifo '${events}'\n${say(started, completed)}`);
  expect(turn).toMatchObject({ outcome: 'completed', eventsPath: null });
  await using other = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'rename' ? { kind: 'error', code: 'ENOSPC' } : undefined,
  );
  await expect(takeTurn(other, say(completed), { fs })).rejects.toThrow('prompt.md');
});

test('what lies in the places of a turn is neither written through nor waited for', async () => {
  await using rig = await createRig();
  const { prompt, log, events } = filesOf(rig);
  await rig.write({ user: 'mine\n' });
  await mkdir(dirname(prompt), { recursive: true });
  await symlink(rig.path('user'), prompt);
  execFileSync('mkfifo', [log]);
  await mkdir(events);
  const turn = await takeTurn(rig, say(started, completed));
  expect(turn).toMatchObject({ outcome: 'completed', logPath: 'iterations/1/agent.log' });
  expect(await rig.read('user')).toBe('mine\n');

  await rm(rig.path('rlm'), { recursive: true });
  await mkdir(rig.path('users'));
  await symlink(rig.path('users'), rig.path('rlm'));
  expect(await takeTurn(rig, say(completed))).toMatchObject({ outcome: 'completed' });
  expect(await readdir(rig.path('users'))).toEqual([]);
});
