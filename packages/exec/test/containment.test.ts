import { execFile, spawnSync } from 'node:child_process';
import { chmod, symlink } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openContainment, probeContainment, runCommand } from '../src/index.js';
import type { CommandLine, RunCommandOptions } from '../src/index.js';
import { leaveBehind } from './killed-runner.js';
import { expectGone, isRunning, observeCommand } from './processes.js';
import { runInChild } from './run-in-child.js';

const { available, reason } = await probeContainment();
const contained = test.skipIf(!available);

/** A time to sleep that no other process has in its command line. */
function uniqueSleep(): string {
  return `1000.${process.pid}${Math.round(performance.now())}`;
}

/** Who has a word in its command line. Inside a namespace the pids are others than here. */
function pidsWith(word: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => isRunning(pid) && commandLineOf(pid).includes(word));
}

function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

const plainEnvironment = { PATH: String(process.env['PATH']), ONE: '1' };

test(`a probe says what is there for commands: ${reason}`, async () => {
  expect(reason).toContain(available ? 'pid namespace' : "can't be contained");
  expect(await probeContainment()).toEqual({ available, reason });
});

contained.each<[CommandLine, RunCommandOptions]>([
  ['echo out; echo err >&2; exit 7', {}],
  ['kill -TERM $$', {}],
  ['kill -KILL $$', {}],
  ['exit 143', {}],
  ['cat; pwd -P; readlink /proc/self/cwd', { stdin: 'words\n', cwd: '/usr/lib' }],
  [['printf', '%s|', 'a b', '', '--', '-c'], {}],
  [['env'], { env: plainEnvironment }],
  [['/bin/pwd'], { env: {}, cwd: '/usr' }],
  ['sleep 100', { timeoutMs: 50 }],
  ['echo once; sleep 100', { silenceTimeoutMs: 500 }],
  ['trap "" TERM; sleep 100', { timeoutMs: 50, graceMs: 50 }],
  ['sleep 100 & echo done', { drainMs: 50 }],
  ['(sleep 0.1; echo LATE) & echo EARLY', { drainMs: 10_000 }],
  [['no-such-program-here'], {}],
  [['./no-such-program'], { cwd: '/usr' }],
  [['/etc/passwd'], {}],
  [['/etc'], {}],
  ['true', { cwd: '/no/such/folder' }],
  ['true', { cwd: '/etc/passwd' }],
])('%j with %j ends inside as it does outside', async (command, options) => {
  await using containment = await openContainment();
  const outside = await runCommand(command, options);
  const inside = await runCommand(command, { ...options, containment });
  const { outcome, stdout, stderr, drained, leftovers, groupEnd, problems } = outside;
  expect(inside).toMatchObject({
    ...{ outcome, stdout, stderr, drained, leftovers, groupEnd, problems },
  });
});

contained('a command gets SIGTERM inside and may take its time to obey', async () => {
  await using containment = await openContainment();
  const controller = new AbortController();
  const script =
    'trap "sleep 0.1; echo bye; exit 0" TERM; echo ready; while :; do sleep 0.01; done';
  const command = observeCommand(script, { signal: controller.signal, containment });
  await command.printed('ready');
  controller.abort();
  expect(await command.result).toMatchObject({
    outcome: { kind: 'cancelled' },
    stdout: { text: 'ready\nbye\n' },
    groupEnd: 'terminated',
  });
});

contained('a stopped command inside can still be asked to end', async () => {
  await using containment = await openContainment();
  const controller = new AbortController();
  const script = 'trap "echo bye; exit 0" TERM; echo ready; kill -STOP $$; sleep 100';
  const command = observeCommand(script, { signal: controller.signal, containment });
  await command.printed('ready');
  controller.abort();
  const { stdout } = await command.result;
  expect(stdout.text).toBe('ready\nbye\n');
});

contained('a folder behind a link has its real name inside', async () => {
  await using rig = await createRig();
  await symlink('/usr/lib', rig.path('link'));
  await using containment = await openContainment();
  const result = await runCommand(['/bin/pwd'], { cwd: rig.path('link'), env: {}, containment });
  expect(result.stdout.text).toBe('/usr/lib\n');
});

contained('orphans that end are reaped', async () => {
  await using containment = await openContainment();
  const script =
    '(sleep 0.01 & sleep 0.02 &); while grep -qs "^State:.Z" /proc/[0-9]*/status; do :; done; ps -A';
  const result = await runCommand(script, { containment, timeoutMs: 10_000 });
  expect(result.outcome).toEqual({ kind: 'exited', exitCode: 0 });
  expect(result.stdout.text).not.toContain('defunct');
});

contained('nothing survives a killed runner, in its group or out of it', async () => {
  const marks = [uniqueSleep(), `${uniqueSleep()}1`, `${uniqueSleep()}2`];
  const [plain = '', stubborn = '', escaped = ''] = marks;
  using left = await leaveBehind(
    {
      plain: `echo plain=$$; exec sleep ${plain}`,
      stubborn: `trap "" TERM HUP; echo stubborn=$$; exec sleep ${stubborn}`,
      escaper: `setsid env -i sh -c 'echo escaped=$$; exec sleep ${escaped}' & wait`,
    },
    {
      labels: [],
      isReady: () => marks.every((mark) => pidsWith(mark).length > 0),
      isContained: true,
    },
  );
  expect(Object.keys(left.groups)).toHaveLength(3);
  for (const mark of marks)
    await expect.poll(() => pidsWith(mark), { timeout: 10_000 }).toEqual([]);
});

contained('what left its group ends with the containment', async () => {
  const mark = uniqueSleep();
  const containment = await openContainment();
  // It is out of the group before the command ends.
  await runCommand(`setsid -f sleep ${mark} >/dev/null 2>&1`, { containment });
  expect(pidsWith(mark)).toHaveLength(1);
  await containment[Symbol.asyncDispose]();
  expect(pidsWith(mark)).toEqual([]);
});

contained('a command is not started in a containment that has ended', async () => {
  const containment = await openContainment();
  process.kill(containment.pid, 'SIGKILL');
  await expectGone(containment.pid);
  await containment[Symbol.asyncDispose]();
  const { outcome } = await runCommand('echo never', { containment });
  expect(outcome).toMatchObject({ kind: 'spawn-failed', errno: 'ESRCH', exitCode: 126 });
});

contained('commands inside leave no descriptor open', async () => {
  await using program = await bundleChildProgram(
    new URL('fixtures/run-command.ts', import.meta.url),
  );
  const report = await runInChild(program, { command: 'echo out', times: 50, isContained: true });
  expect(report.descriptorsAfter).toBe(report.descriptorsBefore);
});

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

test.skipIf(!available || !runs([...asNobody, process.execPath, '--version']))(
  'a user without rights is contained by a user namespace (needs root to become one)',
  async () => {
    await using program = await bundleChildProgram(
      new URL('fixtures/run-command.ts', import.meta.url),
    );
    await chmod(dirname(program.path), 0o755);
    const options = { cwd: '/usr' };
    const command = 'id -u; id -g; pwd -P; [ $(ls -d /proc/[0-9]* | wc -l) -lt 9 ] && kill -HUP $$';
    const { result } = await runInChild(program, { command, options, isContained: true }, asNobody);
    expect(result).toMatchObject({
      outcome: { kind: 'signalled', signal: 'SIGHUP' },
      stdout: { text: '65534\n65534\n/usr\n' },
      stderr: { text: '' },
    });
  },
);

test('without the tools the answer is a reason, and a code before anything runs', async () => {
  await using program = await bundleChildProgram(
    new URL('fixtures/probe-containment.ts', import.meta.url),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [program.path], {
    env: { PATH: '/no/such/folder' },
  });
  expect(JSON.parse(stdout)).toEqual({
    available: false,
    reason: expect.stringContaining("Commands can't be contained: ") as string,
    code: 'CONTAINMENT_UNAVAILABLE',
  });
});

const withoutRights = ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'] as const;

test.skipIf(!available || !runs([...withoutRights, process.execPath, '--version']))(
  'what the system refuses is the reason (needs root to drop a right)',
  async () => {
    await using program = await bundleChildProgram(
      new URL('fixtures/probe-containment.ts', import.meta.url),
    );
    const [file, ...args] = [...withoutRights, process.execPath, program.path] as const;
    const { stdout } = await promisify(execFile)(file, args);
    expect(JSON.parse(stdout)).toMatchObject({
      available: false,
      reason: expect.stringContaining('unshare failed') as string,
      code: 'CONTAINMENT_UNAVAILABLE',
    });
  },
);

function runs([program, ...args]: readonly [string, ...string[]]): boolean {
  return spawnSync(program, args).status === 0;
}
