import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCounted } from '../src/counts/run-counted.js';

/** Replaces a file, in one of the forms that node:fs has for it. */
const replacements = {
  sync: `
    const fd = fs.openSync('a.tmp', 'w');
    fs.writeSync(fd, 'twelve bytes');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
    fs.renameSync('a.tmp', 'a.json');`,
  callback: `
    fs.open('a.tmp', 'w', (_, fd) => fs.write(fd, 'twelve bytes', () => fs.fsync(fd, () =>
      fs.close(fd, () => fs.rename('a.tmp', 'a.json', () => {})))));`,
  promises: `
    const handle = await fs.promises.open('a.tmp', 'w');
    await handle.write('twelve bytes');
    await handle.sync();
    await handle.close();
    await fs.promises.rename('a.tmp', 'a.json');`,
};

test.each(Object.entries(replacements))(
  'counts a replaced file in its %s form under the name that it takes',
  async (_form, text) => {
    await using rig = await createRig();
    await rig.write({ 'cwd/.keep': '', 'program.mjs': `import fs from 'node:fs';\n${text}` });
    const run = await runCounted(rig.path('program.mjs'), [], { cwd: rig.path('cwd') });
    expect(run.counts).toMatchObject({
      ...{ calls: 5, opens: 1, writes: 1, bytesWritten: 12, fsyncs: 1, renames: 1, unlinks: 0 },
      ...{ reads: 0, bytesRead: 0, spawns: 0 },
    });
    expect(run.byFile).toEqual({ 'a.json': { writes: 1, bytes: 12 } });
  },
);

test('counts whole-file calls as one open and one read or write', async () => {
  await using rig = await createRig();
  await rig.write({
    'cwd/.keep': '',
    'program.cjs': `
      const { writeFileSync, appendFileSync, readFileSync, writeFile } = require('node:fs');
      writeFileSync('a', '12345');
      appendFileSync('a', '678');
      readFileSync('a');
      readFileSync('a', 'utf8');
      writeFile('b', 'é', () => {});`,
  });
  const run = await runCounted(rig.path('program.cjs'), [], { cwd: rig.path('cwd') });
  expect(run.counts).toMatchObject({
    opens: 5,
    writes: 3,
    bytesWritten: 10,
    reads: 2,
    bytesRead: 16,
  });
  expect(run.byFile).toEqual({ a: { writes: 2, bytes: 8 }, b: { writes: 1, bytes: 2 } });
});

test('counts neither files elsewhere, nor children, nor threads', async () => {
  await using rig = await createRig();
  await rig.write({
    'cwd/.keep': '',
    'elsewhere/.keep': '',
    'program.cjs': `
      const { writeFileSync, readdirSync } = require('node:fs');
      const { spawnSync, execFile } = require('node:child_process');
      const { Worker } = require('node:worker_threads');
      writeFileSync('../elsewhere/a', 'x');
      const text = "require('fs').writeFileSync('b', 'x')";
      spawnSync(process.execPath, [...process.execArgv, '-e', text]);
      require('node:util').promisify(execFile)(process.execPath, ['-e', '0']).then(() => {
        new Worker(text, { eval: true });
      });`,
  });
  const run = await runCounted(rig.path('program.cjs'), [], { cwd: rig.path('cwd') });
  expect(await rig.list('cwd')).toContain('cwd/b');
  expect(run.counts).toMatchObject({ calls: 0, writes: 0, spawns: 2, modulesLoaded: 1 });
  expect(run.byFile).toEqual({});
});

test('counts files of program text and built-in modules once each, however they are asked for', async () => {
  await using rig = await createRig();
  await rig.write({
    'cwd/.keep': '',
    'other.cjs': '',
    'program.cjs': `
      require('./other.cjs');
      require('./other.cjs');
      require('node:os');
      require('os');
      process.getBuiltinModule?.('node:os');`,
  });
  const run = await runCounted(rig.path('program.cjs'), [], { cwd: rig.path('cwd') });
  expect(run.counts).toMatchObject({ modulesLoaded: 2, builtinsLoaded: 1 });
});

test('starts programs with an environment that says nothing of this machine', async () => {
  await using rig = await createRig();
  await rig.write({
    'cwd/.keep': '',
    'program.cjs': 'console.log(JSON.stringify(process.env)); process.exitCode = 3;',
  });
  const options = { cwd: rig.path('cwd'), env: { GIVEN: 'yes' }, exitCodes: [3] };
  const run = await runCounted(rig.path('program.cjs'), [], options);
  const env = JSON.parse(run.stdout) as Record<string, string>;
  expect(env).toMatchObject({ LC_ALL: 'C', TZ: 'UTC', HOME: rig.path('cwd'), GIVEN: 'yes' });
  const known = ['PATH', 'TMPDIR', 'LC_ALL', 'TZ', 'HOME', 'USERPROFILE', 'GIVEN'];
  expect(Object.keys(env).filter((name) => !known.includes(name))).toEqual([]);
  expect(run.exitCode).toBe(3);
  expect(run.cpuMs).toBeGreaterThan(0);
});

test.each([
  ['ends with another exit code', 'console.error("why"); process.exit(7)', 'GUARD_FAILED', 'why'],
  ['is killed', 'process.kill(process.pid, "SIGKILL")', 'CHILD_FAILED', 'was killed'],
  ['leaves without its counts', 'process.reallyExit(0)', 'CHILD_FAILED', 'without its counts'],
  ['takes too long', 'setInterval(() => {}, 1000)', 'CHILD_FAILED', 'longer than 2000 ms'],
])('a program that %s is no measurement', async (_what, text, code, message) => {
  await using rig = await createRig();
  await rig.write({ 'cwd/.keep': '', 'program.cjs': text });
  // Only what waits for ever meets the limit, on the busiest machine too.
  const timeoutMs = message.includes('longer') ? 2000 : 60_000;
  const run = runCounted(rig.path('program.cjs'), [], { cwd: rig.path('cwd'), timeoutMs });
  await expect(run).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
});
