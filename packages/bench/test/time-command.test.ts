import { createRig, bundleChildProgram } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { run } from '../src/commands/time.js';
import type { TimeOptions } from '../src/commands/time.js';
import type { BenchResults, GuardResult } from '../src/results/result.js';
import { calmEnvironment, commitAll } from './base-repository.js';

let child: ChildProgram;
beforeAll(async () => {
  child = await bundleChildProgram(new URL('../src/time-child.ts', import.meta.url));
});
afterAll(() => child[Symbol.asyncDispose]());

/** A guard whose cost is what the build says it is, so that verdicts do not hang on the machine. */
const stated = `
  prepare: async ({ load }) => load('@x/fake'),
  sample: 'process',
  run: ({ cost }) => ({ exitCode: 0, cpuMs: cost(), wallMs: 1 }),`;

test('a build that is slower by a third is a regression, found by two batches of processes', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const cost = () => 3;' });
  await rig.write({ 'packages/fake/dist/index.js': 'export const cost = () => 4;' });
  const { exitCode, result, results, stdout } = await compare(rig);
  expect(exitCode).toBe(1);
  expect(result).toMatchObject({ guard: 'fake/cost', verdict: 'regressed' });
  expect(result.reason).toContain('+33.3 %');
  expect(new Set(result.samples?.map(({ process }) => process)).size).toBe(4);
  expect(result.samples?.[0]?.calls.map(({ side }) => side).sort()).toEqual([
    'base',
    'candidate',
    'null',
    'slowed',
  ]);
  expect(results.controls.map(({ passed }) => passed)).toEqual([true, true]);
  expect(results).toMatchObject({ part: 'time', seed: 5, candidate: { dirty: true } });
  expect(results.base?.commit).toBe(results.candidate.commit);
  expect(results.base?.buildHash).not.toBe(results.candidate.buildHash);
  expect(stdout).toContain('regressed  fake/cost  slower: +33.3 %');
});

test('the order of sides is drawn, and the same seed draws the same', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const cost = () => 3;' });
  await rig.write({ 'packages/fake/dist/index.js': 'export const cost = () => 3.0001;' });
  const orders = async (seed: number): Promise<string[]> => {
    const { result } = await compare(rig, {
      seed,
      layout: { processes: 1, warmUps: 1, rounds: 9 },
    });
    return (result.samples ?? []).map(({ calls }) => calls.map(({ side }) => side).join());
  };
  const drawn = await orders(1);
  expect(new Set(drawn).size).toBeGreaterThan(2);
  expect(await orders(1)).toEqual(drawn);
  expect(await orders(2)).not.toEqual(drawn);
});

test('two builds of the same files are identical, and no process is started', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const cost = () => 3;' });
  await rig.write({ 'README.md': 'changed' });
  const { exitCode, result } = await compare(rig, { childProgram: rig.path('nowhere.mjs') });
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ verdict: 'identical', measures: [] });
});

test('what is measured is the processor time of calls, in batches that are long enough', async () => {
  const work = (times: number): string => `export function work() {
    let sum = 0;
    for (let value = 0; value < ${times} * 20_000; value += 1) sum += Math.sqrt(value % 1000);
    return Math.floor(sum / ${times});
  }`;
  const guard = 'prepare: ({ load }) => load("@x/fake"), run: ({ work }) => work() > 0,';
  await using rig = await workspace({ guard, base: work(1) });
  await rig.write({ 'packages/fake/dist/index.js': work(4) });
  const { result } = await compare(rig, {
    layout: { warmUps: 6, rounds: 6, sampleMs: 1, processes: 2 },
  });
  const ratio = result.measures.find(({ name }) => name === 'ratio')?.value;
  expect(ratio).toBeGreaterThan(2);
  expect(ratio).toBeLessThan(8);
  const calls = result.samples?.flatMap((sample) => sample.calls) ?? [];
  expect(calls.every(({ cpuMs, wallMs }) => cpuMs > 0 && wallMs > 0)).toBe(true);
});

test('a faster wrong answer is no answer', async () => {
  const guard = 'prepare: ({ load }) => load("@x/fake"), run: ({ answer }) => answer(),';
  const base = 'export const answer = () => ({ b: [1, 2], a: 1 });';
  await using rig = await workspace({ guard, base });
  await rig.write({
    'packages/fake/dist/index.js': 'export const answer = () => ({ a: 1, b: [2] });',
  });
  const { exitCode, result } = await compare(rig);
  expect(exitCode).toBe(2);
  expect(result).toMatchObject({ verdict: 'failed', measures: [] });
  expect(result.reason).toContain('Answers differ');
});

test('a process that dies, hangs or measures nothing is a failed guard', async () => {
  const guard =
    'prepare: ({ load }) => load("@x/fake"), sample: "process", run: ({ end }) => end(),';
  const fine = '({ exitCode: 0, cpuMs: 1, wallMs: 1 })';
  await using rig = await workspace({ guard, base: `export const end = () => ${fine};` });
  const ends = {
    'ended with exit code 7': 'process.exit(7)',
    'took longer than': 'new Promise((done) => setTimeout(done, 1e8))',
    SIGKILL: 'process.kill(process.pid, "SIGKILL")',
    'no room': '{ throw new Error("no room"); }',
    'got none': '({ exitCode: 0, cpuMs: 0, wallMs: 1 })',
    'Expected a guard with': '({ exitCode: 0 })',
  };
  for (const [reason, end] of Object.entries(ends)) {
    await rig.write({ 'packages/fake/dist/index.js': `export const end = () => ${end};` });
    const limit = reason.startsWith('took') ? { timeoutMs: 1500 } : {};
    const { exitCode, result } = await compare(rig, limit);
    expect([exitCode, result.verdict]).toEqual([2, 'failed']);
    expect(result.reason).toContain(reason);
  }
});

test('a guard of what the base cannot do is new, but has to work', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const other = 1;' });
  await rig.write({ 'packages/fake/dist/index.js': 'export const cost = () => 3;' });
  const { exitCode, result, results } = await compare(rig);
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ verdict: 'new' });
  expect(result.measures).toContainEqual({ name: 'cpu', unit: 'ms', value: 3 });
  expect(results.controls).toEqual([]);
  await rig.write({ 'packages/fake/dist/index.js': 'export const cost = () => "much";' });
  expect(await compare(rig)).toMatchObject({ exitCode: 2, result: { verdict: 'failed' } });
});

test('where controls fail nothing is decided, even what looks like a regression', async () => {
  const noisy = (least: number): string =>
    `export const cost = () => ${least} + Math.random() * 9;`;
  await using rig = await workspace({ guard: stated, base: noisy(1) });
  await rig.write({ 'packages/fake/dist/index.js': noisy(90) });
  const { exitCode, result, results } = await compare(rig, { strict: true });
  expect(exitCode).toBe(3);
  expect(result.verdict).toBe('undecided');
  expect(result.reason).toContain('controls failed');
  expect(results.controls.some(({ passed }) => !passed)).toBe(true);
});

test('without a base nothing is compared: an error in CI, a notice elsewhere', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const cost = () => 3;' });
  const base = 'nowhere';
  const inCi = { base, env: calmEnvironment({ CI: 'true' }) };
  expect(await compare(rig, inCi)).toMatchObject({ exitCode: 2, result: { verdict: 'undecided' } });
  expect(await compare(rig, { ...inCi, allowMissingBase: true })).toMatchObject({ exitCode: 0 });
  const { exitCode, results, stderr } = await compare(rig, { base });
  expect(exitCode).toBe(0);
  expect(results.base).toBeNull();
  expect(stderr).toContain('No time was compared. Git knows no commit "nowhere"');
  expect(await compare(rig, { base, strict: true })).toMatchObject({ exitCode: 3 });
});

test('a project without guards of time has a result that says so', async () => {
  await using rig = await workspace({ guard: stated, base: 'export const cost = () => 3;' });
  const guardFile = 'packages/fake/bench/cost.bench.mjs';
  await rig.write({
    [guardFile]:
      'export const guard = { kind: "exact", promise: "p", budget: { a: 1 }, measure: () => ({ a: 1 }) };',
  });
  const { exitCode, results } = await compare(rig);
  expect([exitCode, results.guards]).toEqual([0, []]);
  expect(results.notes[0]).toContain('no guards of time');
});

test('a guard that cannot be loaded is a failed guard, not one less', async () => {
  await using rig = await workspace({ guard: 'run: 1,', base: 'export const cost = () => 3;' });
  const { exitCode, result } = await compare(rig);
  expect([exitCode, result.verdict]).toEqual([2, 'failed']);
  expect(result.reason).toContain('`guard.prepare`');
});

interface Compared {
  readonly exitCode: number;
  readonly results: BenchResults;
  readonly result: GuardResult;
  readonly stdout: string;
  readonly stderr: string;
}

async function compare(rig: Rig, options: Partial<TimeOptions> = {}): Promise<Compared> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await run({
    root: rig.root,
    project: 'fake',
    env: calmEnvironment(),
    childProgram: child.path,
    layout: { processes: 2, warmUps: 1, rounds: 5 },
    seed: 5,
    output: {
      stdout: (text) => (said.stdout += text),
      stderr: (text) => (said.stderr += text),
    },
    ...options,
  });
  const results = (await rig.readJson('packages/fake/.bench/time.json')) as BenchResults;
  const [result = {} as GuardResult] = results.guards;
  return { exitCode, results, result, ...said };
}

/** A workspace of one package whose build is committed, so that a base needs no building. */
async function workspace(options: { readonly guard: string; readonly base: string }): Promise<Rig> {
  const rig = await createRig();
  await rig.write({
    '.gitignore': '.nx\n.bench\nnode_modules\n',
    'packages/fake/package.json': {
      name: '@x/fake',
      type: 'module',
      exports: { '.': { default: './dist/index.js' } },
    },
    'packages/fake/dist/index.js': options.base,
    'packages/fake/bench/cost.bench.mjs': `export const guard = { kind: 'time', promise: 'Costs the same.', ${options.guard} };`,
  });
  commitAll(rig, '.', 'base');
  return rig;
}
