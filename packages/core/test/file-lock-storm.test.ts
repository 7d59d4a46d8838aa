import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, utimes } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, expect, test } from 'vitest';

import { tryAcquireLock } from '../src/file-lock.js';
import { currentProcessIdentity } from '../src/process-identity.js';
import { longDead } from './long-dead.js';

const contenders = 8;

const programs = await Promise.all(
  ['lock-contender', 'lock-worker', 'lock-holder'].map((name) =>
    bundleChildProgram(new URL(`./fixtures/${name}.ts`, import.meta.url)),
  ),
);
const [contender = '', worker = '', holder = ''] = programs.map((program) => program.path);

afterAll(async () => {
  for (const program of programs) await program[Symbol.asyncDispose]();
});

/** A child program that talks in lines. */
class Talker {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(path: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [path, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Programs start sooner without what the environment asks Node to load.
      env: { PATH: process.env['PATH'] },
    });
    if (this.child.stdout === null) throw new Error('Internal error: no pipe');
    const lines: Interface = createInterface({ input: this.child.stdout });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async nextLine(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('The child said nothing more');
    return next.value;
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async end(): Promise<number | null> {
    this.child.stdin?.end();
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

interface Tally {
  readonly won: number[];
  readonly shared: number[];
}

/** Lets all contenders go through the locks at once and returns what each got. */
async function storm(rig: Rig, strategy: string, from: number, to: number): Promise<Tally[]> {
  const args = [rig.root, strategy, String(from), String(to)];
  const children = Array.from({ length: contenders }, () => new Talker(contender, args));
  for (const child of children) expect(await child.nextLine()).toBe('ready');
  for (const child of children) child.say('go');
  const tallies: Tally[] = [];
  for (const child of children) tallies.push(JSON.parse(await child.nextLine()) as Tally);
  for (const child of children) expect(await child.end()).toBe(0);
  return tallies;
}

/** Leaves the locks `<from>/x.lock` to `<to - 1>/x.lock`, each an hour old, of the given contents in turn. */
async function leaveStaleLocks(
  rig: Rig,
  range: { readonly from: number; readonly to: number },
  contents: readonly (string | object)[],
): Promise<void> {
  for (let trial = range.from; trial < range.to; trial += 1) {
    await rig.write({ [`${trial}/x.lock`]: contents[trial % contents.length] ?? '' });
    const then = (Date.now() - 3_600_000 - trial) / 1000;
    await utimes(rig.path(`${trial}/x.lock`), then, then);
  }
}

test('of 8 processes that find a stale lock exactly one takes it over, 210 times of 210', async () => {
  await using rig = await createRig();
  const dead = await longDead();
  const { host, bootId, namespace } = currentProcessIdentity();
  const plain = { schema_version: 1, kind: 'codex-lock-owner', task_id: 't', stale_ms: 1000 };
  const own = { ...plain, ...dead, host, boot_id: bootId, namespace, token: 'dead' };
  const elsewhere = { ...plain, pid: 1, host: 'elsewhere', token: 'elsewhere' };
  const trials = 210;
  await leaveStaleLocks(rig, { from: 0, to: trials }, [own, '', elsewhere]);

  const tallies = await storm(rig, 'core', 0, trials);

  expect(tallies.flatMap(({ shared }) => shared)).toEqual([]);
  const won = tallies.flatMap((tally) => tally.won).sort((a, b) => a - b);
  expect(won).toEqual(Array.from({ length: trials }, (_, trial) => trial));
  const left = await rig.list();
  expect(left.filter((name) => /acquire|atomic-tmp/.test(name))).toEqual([]);
});

test('the same storm shows two holders where stale locks are removed after a look', async () => {
  await using rig = await createRig();
  let shared: number[] = [];
  for (let round = 0; round < 20 && shared.length === 0; round += 1) {
    const range = { from: round * 210, to: (round + 1) * 210 };
    await leaveStaleLocks(rig, range, ['']);
    const tallies = await storm(rig, 'naive', range.from, range.to);
    shared = tallies.flatMap((tally) => tally.shared);
  }
  expect(shared).not.toEqual([]);
});

test('8 processes pass one lock around: never two inside, and the numbers grow', async () => {
  await using rig = await createRig();
  const lockPath = rig.path('x.lock');
  const rounds = 25;
  const children = Array.from(
    { length: contenders },
    () => new Talker(worker, [lockPath, String(rounds)]),
  );
  for (const child of children) expect(await child.end()).toBe(0);

  const log = await readFile(`${lockPath}.log`, 'utf8');
  const fences = log.trimEnd().split('\n').map(Number);
  expect(fences).toHaveLength(contenders * rounds);
  expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  expect(await rig.list()).toEqual(['x.lock.fence', 'x.lock.log']);
});

test.skipIf(process.platform === 'win32')(
  'a holder that is paused for longer than its time is not robbed and goes on',
  async () => {
    await using rig = await createRig();
    const lockPath = rig.path('x.lock');
    const child = new Talker(holder, [lockPath, '50']);
    expect(await child.nextLine()).toMatch(/^held/);
    child.child.kill('SIGSTOP');
    await utimes(lockPath, 1, 1);

    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => tryAcquireLock(lockPath, { staleAfterMs: 1, waitMs: 100 })),
    );
    expect(first).toMatchObject({ ok: false, error: { reason: 'owner-alive' } });
    expect(others.every((result) => !result.ok)).toBe(true);

    child.child.kill('SIGCONT');
    child.say('release');
    expect(await child.nextLine()).toBe('released false');
    expect(await child.end()).toBe(0);
  },
);

test('the lock of a killed holder is free at once, with a greater number', async () => {
  await using rig = await createRig();
  const lockPath = rig.path('x.lock');
  const child = new Talker(holder, [lockPath, '300000']);
  const [, fence] = (await child.nextLine()).split(' ');
  child.child.kill('SIGKILL');
  await once(child.child, 'exit');
  const result = await tryAcquireLock(lockPath);
  if (!result.ok) throw new Error(result.error.reason);
  expect(result.value.fence).toBeGreaterThan(Number(fence));
  await result.value.release();
});
