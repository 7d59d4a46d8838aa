import { identifyProcess } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';
import { bundleProgram, patiently, untilWritten } from './program.js';
import type { Program } from './program.js';

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

const untilGo = { id: 'a', command: 'echo one; until [ -e go ]; do sleep 0.05; done; echo two' };

/** A run of another process, whose first stage has begun. */
async function startRun(rig: Rig, ...stages: readonly Stage[]): Promise<Running> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const answer = await program.ask(rig, ['start', '--detach', '--task=t']);
  const folder = String(answer['artifact_root']);
  await untilWritten(rig, `${folder}/commands/01-a.log`);
  return { runId: String(answer['run_id']), pid: Number(answer['pid']), folder };
}

interface Running {
  readonly runId: string;
  readonly pid: number;
  readonly folder: string;
}

async function journalOf(rig: Rig, { folder }: Running): Promise<string> {
  return rig.read(`${folder}/runner.ndjson`);
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('wait answers as the start of the run would have, exit code included', async () => {
  await using rig = await createRig();
  await startRun(rig, untilGo, { id: 'b', command: 'echo why; exit 4' });
  const waiting = program.start(rig, ['wait', '--format=json']);
  await rig.write({ go: '' });
  const { exitCode, stdout, stderr } = await waiting.ended;
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 1, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'failed',
    exit_code: 1,
    failed_stage: { id: 'b', exit_code: 4, last_lines: ['why'] },
  });
  expect((await program.run(rig, ['wait', '--task=t'])).stdout).toContain('Status: failed');
});

test('wait gives up after its timeout, or on a signal, and the run goes on', async () => {
  await using rig = await createRig();
  const { runId, pid } = await startRun(rig, untilGo);
  const timedOut = await program.run(rig, ['wait', runId, '--timeout=50', '--format=json']);
  expect(timedOut.exitCode).toBe(124);
  expect(JSON.parse(timedOut.stdout)).toMatchObject({
    error: { code: 'WAIT_TIMEOUT', run_id: runId, hint: `codex-orchestrator wait --run ${runId}` },
    exit_code: 124,
  });
  const attached = program.start(rig, ['attach', '--format=ndjson']);
  await vi.waitFor(() => {
    expect(attached.stdout()).toContain('stage.started');
  }, patiently);
  attached.child.kill('SIGINT');
  expect((await attached.ended).exitCode).toBe(130);
  expect(identifyProcess(pid)).toBeDefined();
  await rig.write({ go: '' });
  expect((await program.run(rig, ['wait'])).exitCode).toBe(0);
});

test('attach prints the very lines of the journal, then the verdict', async () => {
  await using rig = await createRig();
  const run = await startRun(rig, untilGo, { id: 'b' });
  const attached = program.start(rig, ['attach', run.runId, '--format=ndjson']);
  await vi.waitFor(() => {
    expect(attached.stdout()).toContain('stage.started');
  }, patiently);
  await rig.write({ go: '' });
  const { exitCode, stdout } = await attached.ended;
  const journal = await journalOf(rig, run);
  expect(exitCode).toBe(0);
  expect(stdout.slice(0, journal.length)).toBe(journal);
  expect(parseLines(stdout.slice(journal.length))).toMatchObject([
    { type: 'verdict', run_id: run.runId, status: 'succeeded', exit_code: 0 },
  ]);
  // Of a run that is over it tells the same.
  const later = await program.run(rig, ['attach', run.runId, '--format=ndjson']);
  expect(later.stdout).toBe(stdout);
});

test('attach shows people what start would have shown, and the output if they ask for it', async () => {
  await using rig = await createRig();
  await startRun(rig, untilGo, { id: 'b', command: 'printf "\\377\\n"; exit 3' });
  const attached = program.start(rig, ['attach', '--output', '--format=text']);
  await rig.write({ go: '' });
  const { exitCode, stdout, stderr } = await attached.ended;
  expect(exitCode).toBe(1);
  expect(stdout).toContain('one\ntwo\n\ufffd\nRun started: ');
  expect(stderr.replace(/\d+\.\ds/g, '<time>')).toMatch(
    /\[1\/2\] a started\n.*\[1\/2\] a succeeded after <time>\n.*\[2\/2\] b failed after <time>/s,
  );
  const refused = await program.run(rig, ['attach', '--output', '--format=json']);
  expect(refused.exitCode).toBe(2);
});

test.each(['wait', 'attach'])('%s ends with a runner that was killed', async (command) => {
  await using rig = await createRig();
  const run = await startRun(rig, untilGo);
  const watching = program.start(rig, [command, '--format=ndjson']);
  if (command === 'attach') {
    await vi.waitFor(() => {
      expect(watching.stdout()).toContain('stage.started');
    }, patiently);
  }
  process.kill(run.pid, 'SIGKILL');
  const { exitCode, stdout } = await watching.ended;
  expect(exitCode).toBe(75);
  expect(parseLines(stdout).at(-1)).toMatchObject({
    type: 'verdict',
    status: 'interrupted',
    exit_code: 75,
  });
});

test('cancel ends a run of another process, with its children and the reason', async () => {
  await using rig = await createRig();
  const command = 'sleep 60 & echo $! > inner; echo on; wait';
  const run = await startRun(rig, { id: 'a', command }, { id: 'b' });
  const waiting = program.start(rig, ['wait', '--format=json']);
  const { exitCode, stdout } = await program.run(rig, [
    'cancel',
    '--reason=wrong branch',
    '--format=json',
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    run_id: run.runId,
    status: 'cancelled',
    status_detail: 'cancelled:SIGTERM',
    exit_code: 143,
    sent_signal: 'SIGTERM',
  });
  expect((await waiting.ended).exitCode).toBe(143);
  expect(identifyProcess(Number(await rig.read('inner')))).toBeUndefined();
  expect(await rig.readJson(`${run.folder}/cancel-request.json`)).toMatchObject({
    signal: 'SIGTERM',
    reason: 'wrong branch',
  });
  expect((await program.run(rig, ['show', '--format=text'])).stdout).toMatch(
    /^Cancelled: \S+ with SIGTERM: wrong branch$/m,
  );
  const again = await program.run(rig, ['cancel', '--format=json']);
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toContain('over already');
  expect(JSON.parse(again.stdout)).toMatchObject({ status: 'cancelled', sent_signal: null });
});

test('cancel sends the signal it is asked for, and answers for a run that does not end in time', async () => {
  await using rig = await createRig();
  const command = 'trap "" TERM; echo on; until [ -e go ]; do sleep 0.05; done';
  const { runId, pid } = await startRun(rig, { id: 'a', command });
  const argv = ['cancel', '--signal=INT', '--timeout=50'];
  expect(await program.ask(rig, argv)).toMatchObject({
    error: { code: 'WAIT_TIMEOUT', run_id: runId },
    exit_code: 124,
  });
  expect(identifyProcess(pid)).toBeDefined();
  await rig.write({ go: '' });
  const { exitCode } = await program.run(rig, ['wait']);
  expect(exitCode).toBe(130);
});

test('cancel signals nobody for a run whose owner is gone', async () => {
  await using rig = await createRig();
  const { runId, pid } = await startRun(rig, untilGo);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => {
    expect(identifyProcess(pid)).toBeUndefined();
  }, patiently);
  const { exitCode, stdout } = await program.run(rig, ['cancel', '--format=json']);
  expect(exitCode).toBe(75);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'RUN_INTERRUPTED', hint: `codex-orchestrator recover --run ${runId}` },
    exit_code: 75,
  });
});

test('logs follow what runs until the run is over', async () => {
  await using rig = await createRig();
  await startRun(rig, untilGo, { id: 'b', command: 'echo three' }, { id: 'c', command: 'echo x' });
  const all = program.start(rig, ['logs', '--follow', '--format=text']);
  const one = program.start(rig, ['logs', '--follow', '--stage=2', '--format=text']);
  await vi.waitFor(() => {
    expect(all.stdout()).toBe('one\n');
  }, patiently);
  await rig.write({ go: '' });
  expect(await all.ended).toMatchObject({
    exitCode: 0,
    stdout: 'one\ntwo\nthree\nx\n',
    stderr: expect.stringMatching(/==> a \(.*01-a\.log\) <==\n==> b .*\n==> c /) as string,
  });
  expect(await one.ended).toMatchObject({ exitCode: 0, stdout: 'three\n' });
});
