import { execFile, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleChildProgram(new URL('../src/main.ts', import.meta.url));
  // Other users run it too.
  await chmod(dirname(program.path), 0o755);
});
afterAll(() => program[Symbol.asyncDispose]());

const hostileIds = ['../x', '..', 'CON', 'a:b', 'a/b', 'x'.repeat(300), '.hidden', 'a\u0000b'];

/** Everything below the folder after a call that was refused: what was there before. */
const untouched = ['codex.orchestrator.json'];

async function createRepository(): Promise<Rig> {
  const rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo ran >&2' }) });
  return rig;
}

test.each(
  hostileIds.flatMap((id): [string, string[], string][] => [
    ['start', ['start', `--task=${id}`], 'INVALID_ID'],
    ['start below a parent', ['start', '--task=t', `--parent-run=${id}`], 'INVALID_ID'],
    ['start of a pipeline', ['start', '--task=t', id], 'PIPELINE_NOT_FOUND'],
    ['plan', ['plan', `--task=${id}`], 'INVALID_ID'],
    ['exec', ['exec', `--task=${id}`, '--format=json', '--', 'true'], 'INVALID_ID'],
    ['status', ['status', `--run=${id}`], 'RUN_NOT_FOUND'],
    ['status of a task', ['status', `--task=${id}`], 'INVALID_ID'],
    ['runs', ['runs', `--task=${id}`], 'INVALID_ID'],
  ]),
)('%s: %j is refused and leaves nothing behind', async (_what, argv, code) => {
  await using rig = await createRepository();
  const format = argv.includes('--format=json') ? [] : ['--format=json'];
  const result = await call([argv[0] ?? '', ...format, ...argv.slice(1)], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  expect(await rig.list()).toStrictEqual(untouched);
});

test('a task from the environment is checked as one from a flag', async () => {
  await using rig = await createRepository();
  const env = { MCP_RUNNER_TASK_ID: '../x' };
  const result = await call(['start', '--format=json'], { cwd: rig.root, env });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'INVALID_ID' }, exit_code: 2 });
  expect(await rig.list()).toStrictEqual(untouched);
});

test('a task whose folder is a symlink to somewhere else gets no run', async () => {
  await using rig = await createRepository();
  await using elsewhere = await createRig();
  await mkdir(rig.path('.runs'));
  await symlink(elsewhere.root, rig.path('.runs', 't'));
  const result = await call(['start', '--task=t', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'PATH_ESCAPES_ROOT' }, exit_code: 2 });
  expect(await elsewhere.list()).toStrictEqual([]);
});

test('a task whose folder is a file gets no run, and the file stays', async () => {
  await using rig = await createRepository();
  await rig.write({ '.runs/t': 'mine' });
  const result = await call(['start', '--task=t', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RECORD_OPEN_FAILED' }, exit_code: 3 });
  expect(await rig.list()).toStrictEqual(['.runs/t', ...untouched]);
});

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
}

/** The program in a process of its own, behind other programs that take away what it needs. */
async function runBehind(prefix: readonly string[], rig: Rig, ...argv: string[]): Promise<Answer> {
  const [file = '', ...rest] = [...prefix, process.execPath, program.path, ...argv];
  const options = { cwd: rig.root, env: { PATH: process.env['PATH'] } };
  try {
    const { stdout } = await promisify(execFile)(file, rest, options);
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, stdout };
  }
}

function works(file: string, ...argv: string[]): boolean {
  return spawnSync(file, argv, { stdio: 'ignore' }).status === 0;
}

const nobody = '65534';
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
const canBeNobody =
  process.getuid?.() === 0 && works(asNobody[0] ?? '', ...asNobody.slice(1), 'true');
const isOrdinaryUser = (process.getuid?.() ?? 0) !== 0;

test.skipIf(!canBeNobody && !isOrdinaryUser)(
  'a root that may not be written is an error before anything runs (needs setpriv as root, or no root)',
  async () => {
    await using rig = await createRepository();
    await chmod(rig.root, 0o555);
    const argv = ['start', '--task=t', '--format=json'];
    const { code, stdout } = await runBehind(canBeNobody ? asNobody : [], rig, ...argv);
    await chmod(rig.root, 0o755);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'RECORD_OPEN_FAILED', message: expect.stringContaining('EACCES') as string },
    });
    expect(await rig.list()).toStrictEqual(untouched);
  },
);

test.skipIf(!canBeNobody)(
  'a record that may not be read hides no other one (needs setpriv and root)',
  async () => {
    await using rig = await createRepository();
    await chmod(rig.root, 0o777);
    const start = ['start', '--format=json'];
    const mine = await runBehind(asNobody, rig, ...start, '--task=mine');
    const other = await runBehind(asNobody, rig, ...start, '--task=other');
    const folder = (JSON.parse(other.stdout) as { artifact_root: string }).artifact_root;
    await chown(rig.path(folder), 0, 0);
    await chmod(rig.path(folder), 0o700);
    const listed = await runBehind(asNobody, rig, 'runs', '--format=json');
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      runs: [{ run_id: (JSON.parse(mine.stdout) as { run_id: string }).run_id }],
      unreadable: [{ path: rig.path(folder) }],
    });
  },
);

const tinyDisk = 'mount -t tmpfs -o size=16k tmpfs "$0" && exec "$@"';
const canMount = works('unshare', '-m', 'sh', '-c', tinyDisk, '/mnt', 'true');

test.skipIf(!canMount)(
  'a full disk is an error before anything runs, and nothing half made stays (needs to mount)',
  async () => {
    await using rig = await createRepository();
    await mkdir(rig.path('.runs'));
    const fill = 'head -c 16384 /dev/zero > "$0/full" 2> /dev/null; "$@"; code=$?; rm "$0/full"';
    const look = `${fill}; find "$0" -mindepth 1 >&2; exit "$code"`;
    const runs = rig.path('.runs');
    const prefix = ['unshare', '-m', 'sh', '-c', tinyDisk, runs, 'sh', '-c', look, runs];
    const child = spawnSync(
      prefix[0] ?? '',
      [...prefix.slice(1), process.execPath, program.path, 'start', '--task=t', '--format=json'],
      { cwd: rig.root, env: { PATH: process.env['PATH'] }, encoding: 'utf8' },
    );
    expect(child.status).toBe(3);
    expect(JSON.parse(child.stdout)).toMatchObject({
      error: { code: 'RECORD_OPEN_FAILED', message: expect.stringContaining('ENOSPC') as string },
    });
    expect(child.stderr).not.toContain(runs);
  },
);

test.skipIf(process.platform !== 'linux')(
  'with hardly a file handle left, whatever can be said is said, and nothing half made stays',
  async () => {
    await using rig = await createRepository();
    for (const handles of [20, 22, 24, 28]) {
      const limit = ['sh', '-c', `ulimit -n ${handles} && exec "$@"`, 'sh'];
      const argv = ['start', '--task=t', '--format=json'];
      const { code, stdout } = await runBehind(limit, rig, ...argv);
      // Below some number Node itself does not start.
      if (stdout === '') continue;
      expect([0, 1, 3]).toContain(code);
      expect(JSON.parse(stdout)).toHaveProperty(code === 3 ? 'error.code' : 'status');
    }
    const left = (await rig.list()).filter((path) => /atomic-tmp|\.opening/.test(path));
    expect(left).toStrictEqual([]);
  },
);
