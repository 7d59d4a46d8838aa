import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { createRunId, nodeFileSystem, parseTaskId } from '@codex-orchestrator/core';
import type { FileSystem, RunId } from '@codex-orchestrator/core';
import { createRunLayout, readJournal, verifyRun } from '@codex-orchestrator/manifest';
import type { RunHistory, RunLayout } from '@codex-orchestrator/manifest';
import { bundleChildProgram, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { ChildProgram, Fault, FaultyCall, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { recoverRun, resumePipeline } from '../src/index.js';
import { dead, deadPlan, deadRunId, leaveDeadRun } from './dead-run.js';
import { countedIn, fileHistory } from './file-history.js';
import { baseOptions, isAlive, waitUntil } from './run-rig.js';

let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('fixtures/dying-run.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

interface Calling {
  readonly root: string;
  readonly runId: RunId;
  readonly mode: 'resume' | 'run';
  /** Events after which it kills itself; 0: it lives. */
  readonly dieAfter: number;
}

/** Returns what the program said before its end. */
async function call({ root, mode, runId, dieAfter }: Calling): Promise<string> {
  const args = [program.path, root, mode, runId, String(dieAfter)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output;
}

function layoutOf({ root }: Rig, runId: RunId): RunLayout {
  return createRunLayout({ root, taskId: parseTaskId('task'), runId });
}

function historyIn(rig: Rig, fs: FileSystem = nodeFileSystem): RunHistory {
  return fileHistory(rig.path('history'), fs);
}

/**
 * A run that passed in the end: each stage has, as often as it was begun, the record holds, and each
 * attempt is counted once.
 */
async function expectPassed(rig: Rig, layout: RunLayout, name: string): Promise<void> {
  const { manifest } = await recoverRun(layout, { history: historyIn(rig) });
  expect(manifest, name).toMatchObject({ status: 'succeeded', metrics_recorded: true });
  expect(countedIn(rig.path('history'), nodeFileSystem), name).toEqual(
    Array.from({ length: manifest.attempt }, (_, at) => `${layout.runId} ${at + 1}`),
  );
  expect(
    manifest.commands.map(({ status }) => status),
    name,
  ).toEqual(manifest.commands.map(() => 'succeeded'));
  const verification = await verifyRun(layout);
  expect(verification, name).toMatchObject({ verdict: 'intact', sealed: true, findings: [] });
  // What a process leaves that lives on, as this one does, is its own.
  const own = `.${process.pid}-`;
  const files = (await rig.list('.runs')).filter((path) => !path.includes(own));
  expect(
    files.filter((path) => path.includes('atomic-tmp') || path.includes('.active/')),
    name,
  ).toEqual([]);
}

async function expectWholeAfterKills(dieAfter: number): Promise<void> {
  await using rig = await createRig();
  const runId = createRunId();
  const layout = layoutOf(rig, runId);
  const calling = { root: rig.root, runId };
  expect(await call({ ...calling, mode: 'run', dieAfter })).toBe('');
  // From the event that begins the attempt, before any file is moved, to the one that ends it.
  const again = 1 + (dieAfter % 7);
  await call({ ...calling, mode: 'resume', dieAfter: again });
  const last = await call({ ...calling, mode: 'resume', dieAfter: 0 });
  const name = `killed after event ${dieAfter}, then after ${again}`;
  expect(['succeeded', 'RUN_SUCCEEDED'], name).toContain(last);
  await expectPassed(rig, layout, name);
  // A stage whose end is recorded never runs a second time.
  const { events } = await readJournal(layout.journalPath);
  for (const id of ['a', 'b', 'c']) {
    const passed = events.filter(
      (event) => event.type === 'stage.finished' && event.id === id && event.status === 'succeeded',
    );
    expect(passed, `${name}: ${id}`).toHaveLength(1);
  }
}

test('a run killed after any event, and again while resumed, is whole in the end', async () => {
  const points = Array.from({ length: 12 }, (_, at) => at + 1);
  const work = async (): Promise<void> => {
    for (let next = points.shift(); next !== undefined; next = points.shift()) {
      await expectWholeAfterKills(next);
    }
  };
  await Promise.all([work(), work()]);
}, 240_000);

test('of several that resume at once, one does', async () => {
  for (let round = 1; round <= 3; round++) {
    await using rig = await createRig();
    const runId = createRunId();
    const calling = { root: rig.root, runId };
    await call({ ...calling, mode: 'run', dieAfter: 5 });
    const answers = await Promise.all(
      [1, 2, 3].map(() => call({ ...calling, mode: 'resume', dieAfter: 0 })),
    );
    expect(answers.filter((answer) => answer === 'succeeded')).toHaveLength(1);
    for (const answer of answers) {
      expect(['RUN_ALIVE', 'RUN_BUSY', 'RUN_SUCCEEDED', 'succeeded']).toContain(answer);
    }
    expect((await rig.read('ran')).split('\n').filter((line) => line === 'c')).toHaveLength(1);
    await expectPassed(rig, layoutOf(rig, runId), `round ${round}`);
  }
}, 60_000);

/** Leaves the process group, says so, and hangs. */
const escaping =
  "setsid sh -c 'echo $$ > child.pid; exec sleep 1000' & until [ -s child.pid ]; do sleep 0.01; done; echo up; wait";

test.runIf(process.platform === 'linux')(
  'what left the process group of a killed run is ended by its recovery',
  async () => {
    await using rig = await createRig();
    await using crashing = await bundleChildProgram(
      new URL('fixtures/crashing-run.ts', import.meta.url),
    );
    const child = spawn(process.execPath, [crashing.path, rig.root, escaping], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitUntil(() => output.includes('up\n'));
    child.kill('SIGKILL');
    await once(child, 'close');
    const pid = Number(await rig.read('child.pid'));
    expect(isAlive(pid)).toBe(true);
    const files = await rig.list('.runs');
    const runId = files
      .find((path) => path.endsWith('manifest.json'))
      ?.split('/')
      .at(-2);
    const report = await recoverRun(layoutOf(rig, runId as RunId), { graceMs: 1000 });
    expect(report).toMatchObject({ outcome: 'recovered' });
    expect(report.endedGroups.length).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
  },
);

/** Resumes with planned faults, and then without. */
async function resumeTwice(plan: (call: FaultyCall, nth: number) => Fault | undefined) {
  const rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const options = {
    ...baseOptions(rig.root),
    ...dead,
    runId: deadRunId,
    actor: 'test',
    reason: 'again',
    graceMs: 0,
    endLeftovers: () => Promise.resolve([]),
    guard: { pid: undefined, watch: ignore, release: ignore, [Symbol.dispose]: ignore },
  };
  let nth = 0;
  const { fs, calls } = faultyFileSystem(nodeFileSystem, (call) => plan(call, ++nth));
  const history = historyIn(rig, fs);
  await resumePipeline(deadPlan, { ...options, fs, history }).catch(() => undefined);
  // A process that died holds no lock any more; this one lives on.
  for (const name of nodeFileSystem.readdir(layout.taskRunsDir)) {
    if (!name.startsWith(`.${layout.runId}.lock`)) continue;
    nodeFileSystem.unlink(`${layout.taskRunsDir}/${name}`);
  }
  const code = await resumePipeline(deadPlan, { ...options, history: historyIn(rig) }).then(
    () => 'resumed',
    (error: unknown) => (error as { readonly code?: string }).code,
  );
  return { rig, layout, calls, code };
}

function ignore(): void {
  // Nothing of these runs outlives them.
}

test('a resume that dies at any system call leaves a run that can be resumed', async () => {
  const { rig: first, calls } = await resumeTwice(() => undefined);
  await first[Symbol.asyncDispose]();
  for (let died = 1; died <= calls.length; died++) {
    const name = `died at call ${died}: ${calls[died - 1]?.operation ?? ''}`;
    const {
      rig: used,
      layout,
      code,
    } = await resumeTwice((_, nth) => (nth >= died ? { kind: 'error', code: 'EIO' } : undefined));
    await using rig = used;
    expect(['resumed', 'RUN_SUCCEEDED'], name).toContain(code);
    await expectPassed(rig, layout, name);
  }
}, 240_000);
