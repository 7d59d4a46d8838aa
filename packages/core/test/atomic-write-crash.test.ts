import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { isTempName, sweepTempFiles } from '../src/index.js';

const OLD = 'old\n';
const NEW = `${'a'.repeat(20_000)}\n`;
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

let replaceFile: ChildProgram;
beforeAll(async () => {
  replaceFile = await bundleChildProgram(new URL('fixtures/replace-file.ts', import.meta.url));
});
afterAll(async () => {
  await replaceFile[Symbol.asyncDispose]();
});

test.skipIf(!canTrace)(
  'a kill at any system call of a write leaves old or new (needs strace)',
  { timeout: 60_000 },
  async () => {
    await using rig = await createRig();
    const calls = await traceClean(rig);
    expect(calls.map((call) => call.name)).toEqual(
      expect.arrayContaining(['openat', 'write', 'fsync', 'close', 'rename']),
    );
    const outcomes = [];
    for (const index of calls.keys()) outcomes.push(await killAt(rig, calls, index));
    const renamed = calls.findIndex((call) => call.name.startsWith('rename'));
    expect(outcomes).toEqual(calls.map((_, index) => (index <= renamed ? OLD : NEW)));
  },
);

test('a reader sees whole contents while a writer is killed again and again', async () => {
  await using rig = await createRig();
  await rig.write({ a: OLD });
  for (let round = 1; round <= 5; round++) {
    const child = spawn(process.execPath, [replaceFile.path, rig.path('a'), '0']);
    await untilOutput(child, round);
    for (let reads = 0; reads < 20; reads++) expectWhole(await rig.read('a'));
    child.kill('SIGKILL');
    await once(child, 'close');
    expectWhole(await rig.read('a'));
  }
  const left = (await rig.list()).filter((name) => name !== 'a');
  expect(left.every(isTempName)).toBe(true);
  expect(await sweepTempFiles(rig.root, { olderThanMs: -1000 })).toHaveLength(left.length);
  expect(await rig.list()).toEqual(['a']);
});

test.skipIf(process.platform === 'win32')(
  'the temp file of a paused writer is not swept, and the writer finishes (needs SIGSTOP)',
  async () => {
    await using rig = await createRig();
    await using program = await bundleChildProgram(
      new URL('fixtures/pause-before-rename.ts', import.meta.url),
    );
    await rig.write({ a: OLD });
    const child = spawn(process.execPath, [program.path, rig.path('a')]);
    await untilOutput(child, 'pausing'.length);
    expect(await sweepTempFiles(rig.root, { olderThanMs: -60_000 })).toEqual([]);
    expect(await rig.read('a')).toBe(OLD);
    // The child may not have stopped yet: a signal that comes too early would be the last one.
    const resuming = setInterval(() => child.kill('SIGCONT'), 20);
    await once(child, 'close');
    clearInterval(resuming);
    expect(await rig.read('a')).toBe('new\n');
    expect(await rig.list()).toEqual(['a']);
  },
);

interface TracedCall {
  readonly name: string;
  /** Counts calls of this name in the whole process from 1. */
  readonly nth: number;
}

/** Runs one write under strace and returns its log. Only the main thread is traced: it does all. */
async function trace(rig: Rig, name: string, inject: string[] = []): Promise<string[]> {
  const log = rig.path(`${name}.strace`);
  const args = [
    '-o',
    log,
    '-y',
    ...inject,
    process.execPath,
    replaceFile.path,
    rig.path(name, 'a'),
  ];
  const child = spawn('strace', args, { stdio: 'ignore' });
  await once(child, 'close');
  return (await rig.read(`${name}.strace`)).split('\n').filter((line) => /^\w+\(/.test(line));
}

function callsOnFolder(log: string[], folder: string): TracedCall[] {
  const counts = new Map<string, number>();
  return log.flatMap((line) => {
    const name = line.slice(0, line.indexOf('('));
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return name !== 'execve' && line.includes(folder) ? [{ name, nth }] : [];
  });
}

/** The calls of a whole write on the folder of its file, in their order. */
async function traceClean(rig: Rig): Promise<TracedCall[]> {
  await rig.write({ 'clean/a': OLD });
  return callsOnFolder(await trace(rig, 'clean'), rig.path('clean'));
}

/** Kills at one call of a write and returns what a reader then sees. */
async function killAt(rig: Rig, calls: TracedCall[], index: number): Promise<string> {
  const name = `at-${index}`;
  let call = calls[index];
  // How often Node itself makes a call before can differ from run to run, on a busy machine also from
  // the first one: make sure of the place, and count anew where it was missed.
  for (let attempt = 0; call !== undefined && attempt < 10; attempt++) {
    if (attempt > 0) call = (await traceClean(rig))[index] ?? call;
    await rig.write({ [`${name}/a`]: OLD });
    const inject = ['-e', `inject=${call.name}:signal=KILL:when=${call.nth}`];
    const log = await trace(rig, name, inject);
    const last = log.at(-1) ?? '';
    if (last.startsWith(`${call.name}(`) && last.includes(rig.path(name))) {
      const content = await rig.read(`${name}/a`);
      await sweepTempFiles(rig.path(name), { olderThanMs: -1000 });
      expect(await rig.list(name)).toEqual([`${name}/a`]);
      return content;
    }
  }
  throw new Error(`Could not kill at call ${index} on the folder`);
}

function expectWhole(content: string): void {
  expect([OLD.length, 20_001, 300_001]).toContain(content.length);
  expect(/^(old|a+|b+)\n$/.test(content)).toBe(true);
}

function untilOutput(child: ChildProcessWithoutNullStreams, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.byteLength;
      if (seen >= bytes) resolve();
    });
  });
}
