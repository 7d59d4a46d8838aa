import { identifyProcess } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { checkGuard } from '../src/exact/check-guard.js';
import type { GuardResult } from '../src/results/result.js';
import { bundleChild } from './exact-child.js';
import type { BundledChild } from './exact-child.js';

let child: BundledChild;
beforeAll(async () => {
  child = await bundleChild();
});
afterAll(() => child[Symbol.asyncDispose]());

/** Checks one guard against a build that has `@codex-orchestrator/sample`. */
async function check(rig: Rig, guard: string): Promise<GuardResult | undefined> {
  await rig.write({
    'the-promise.bench.mjs': guard,
    'slot/node_modules/@codex-orchestrator/sample/package.json': {
      name: '@codex-orchestrator/sample',
      type: 'module',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    },
    'slot/node_modules/@codex-orchestrator/sample/dist/index.js': `
      export const replace = (fs, path) => {
        const fd = fs.open(path + '.tmp', 'w');
        fs.write(fd, Buffer.from('text'), null);
        fs.close(fd);
        fs.rename(path + '.tmp', path);
      };`,
  });
  return checkGuard({
    ...{ project: 'sample', guardFile: rig.path('the-promise.bench.mjs') },
    ...{ slot: rig.path('slot'), cacheDir: rig.path('cache') },
    ...{ timeoutMs: 20_000, childrenPerSize: 1, childProgram: child.path },
  });
}

function exact(measure: string, budget = '{ writes: 1 }'): string {
  return `export const guard = {
    kind: 'exact',
    promise: 'A file is written once',
    budget: ${budget},
    measure: async (context) => { ${measure} },
  };`;
}

test('a guard counts what the build under test does', async () => {
  await using rig = await createRig();
  const result = await check(
    rig,
    exact(`
      const { replace } = await context.load('@codex-orchestrator/sample');
      const files = context.countFiles();
      replace(files.fs, context.folder + '/a.json');
      return files.counts();`),
  );
  expect(result).toMatchObject({
    guard: 'sample/the-promise',
    kind: 'exact',
    promise: 'A file is written once',
    verdict: 'held',
  });
  expect(result?.measures).toContainEqual({ name: 'renames', unit: 'count', value: 1 });
});

test('a guard counts what a program of the build does as a process', async () => {
  await using rig = await createRig();
  await rig.write({ 'program.cjs': "require('node:fs').writeFileSync('a', 'twice')" });
  const program = JSON.stringify(rig.path('program.cjs'));
  const result = await check(
    rig,
    exact(`return (await context.runCli([], { program: ${program} })).counts;`),
  );
  expect(result?.verdict).toBe('held');
});

test.each([
  ['throws', exact("throw new Error('no luck')"), 'no luck'],
  ['ends its process', exact('process.exit(0)'), 'without an answer'],
  ['kills its process', exact("process.kill(process.pid, 'SIGKILL')"), 'SIGKILL'],
  ['returns nothing', exact(''), 'gave no counts'],
  [
    'finds no such package',
    exact("await context.load('@codex-orchestrator/none')"),
    'no such entry',
  ],
  ['cannot be read', 'export const guard = {', 'Loading the guard'],
  ['is none', 'export const other = 1;', '`guard`'],
])('a guard that %s fails, with the reason', async (_what, text, reason) => {
  await using rig = await createRig();
  const result = await check(rig, text);
  expect(result).toMatchObject({ guard: 'sample/the-promise', verdict: 'failed' });
  expect(result?.reason).toContain(reason);
});

test('a guard that never ends fails, and what it started ends with it', async () => {
  await using rig = await createRig();
  await rig.write({ 'slow.bench.mjs': exact(hanging(rig.path('pid'))) });
  const result = await checkGuard({
    ...{ project: 'sample', guardFile: rig.path('slow.bench.mjs') },
    ...{ slot: rig.path('slot'), cacheDir: rig.path('cache') },
    ...{ timeoutMs: 3000, childProgram: child.path },
  });
  expect(result).toMatchObject({ verdict: 'failed', promise: 'A file is written once' });
  expect(result?.reason).toContain('longer than 3000 ms');
  const pid = Number(await rig.read('pid'));
  await expect.poll(() => identifyProcess(pid)).toBeUndefined();
});

function hanging(pidFile: string): string {
  return `
    const { spawn } = await import('node:child_process');
    const { writeFileSync } = await import('node:fs');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
    await new Promise(() => setInterval(() => {}, 1000));`;
}

test('a guard of growth has a folder per size and prepares what it measures', async () => {
  await using rig = await createRig();
  const growth = (text: string) => `
    import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
    export const guard = {
      kind: 'growth',
      promise: 'Reading costs the same at any length',
      cost: 'counts',
      sizes: [10, 100, 1000],
      exponent: 0,
      prepare: ({ folder }, size) => {
        if (readdirSync(folder).length > 0) throw new Error('not empty');
        writeFileSync(folder + '/a', 'x'.repeat(size));
        return Promise.resolve(folder + '/a');
      },
      measure: (path) => ({ bytesRead: ${text} }),
    };`;
  expect((await check(rig, growth('1')))?.verdict).toBe('held');
  await using other = await createRig();
  const result = await check(other, growth('readFileSync(path).byteLength'));
  expect(result).toMatchObject({ kind: 'growth', verdict: 'regressed' });
  expect(result?.reason).toBe('exponent of bytesRead is 1, the limit is 0.1');
});

const memory = (consume: string) => `
  export const guard = {
    kind: 'memory',
    promise: 'No input is held',
    inputBytes: [1_000_000, 60_000_000],
    slope: 0.3,
    prepare: (_context, bytes) => Promise.resolve({ bytes }),
    consume: async (_context, { bytes }) => { ${consume} },
  };`;

test.runIf(process.platform === 'linux')(
  'a guard of memory finds an input that is held, each size in a fresh process',
  async () => {
    await using rig = await createRig();
    expect(await check(rig, memory('Buffer.alloc(bytes, 1);'))).toMatchObject({
      kind: 'memory',
      verdict: 'regressed',
      sizes: [{ size: 1_000_000 }, { size: 60_000_000 }],
    });
    await using other = await createRig();
    expect((await check(other, memory('Buffer.alloc(1000 + bytes * 0, 1);')))?.verdict).toBe(
      'held',
    );
    await using third = await createRig();
    expect((await check(third, memory('if (bytes > 1e6) process.exit(1);')))?.verdict).toBe(
      'failed',
    );
  },
);

test('a guard of time is left to those who have a base', async () => {
  await using rig = await createRig();
  const time = `export const guard = {
    kind: 'time', promise: 'It is fast', prepare: async () => 1, run: () => 1,
  };`;
  expect(await check(rig, time)).toBeUndefined();
});
