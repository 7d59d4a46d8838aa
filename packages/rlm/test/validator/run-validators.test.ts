import { readFile, stat, symlink, writeFile } from 'node:fs/promises';

import { nodeFileSystem, sha256Hex } from '@codex-orchestrator/core';
import type { CommandLine } from '@codex-orchestrator/exec';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { WorldPorts } from '../../src/loop/ports.js';
import { nameValidators } from '../../src/validator/name-validators.js';
import { runValidators } from '../../src/validator/run-validators.js';
import type { RecordedJudgement } from '../../src/validator/run-validators.js';
import { createWorld, isRunning, secret } from './run-process.js';

function run(
  rig: Rig,
  commands: readonly CommandLine[],
  options: { readonly timeoutMs?: number; readonly world?: Partial<WorldPorts> } = {},
): Promise<readonly RecordedJudgement[]> {
  const names = nameValidators(commands, createWorld().redact);
  const validators = commands.map((command, index) => ({
    name: names[index] ?? '',
    command,
    timeoutMs: options.timeoutMs ?? 20_000,
  }));
  const request = { n: 3, loopDir: rig.path('rlm'), folder: rig.root };
  return runValidators(validators, request, createWorld(options.world));
}

async function runOne(...[rig, command, options]: [Rig, CommandLine, Parameters<typeof run>[2]?]) {
  const [judgement] = await run(rig, [command], options);
  if (!judgement) throw new Error('no judgement');
  return judgement;
}

test('a validator that exits with 0 passes, and its log says what ran, what it said and how it ended', async () => {
  await using rig = await createRig();
  const judgement = await runOne(rig, 'pwd; echo oops >&2');
  expect(judgement).toMatchObject({
    name: 'pwd-echo-oops-2',
    command: 'pwd; echo oops >&2',
    outcome: 'passed',
    exitCode: 0,
    logPath: 'validator-3.log',
    notes: [],
  });
  const log = await rig.read('rlm/validator-3.log');
  const [head, ...rest] = log.split('\n');
  expect(head).toMatch(/^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] \$ pwd; echo oops >&2$/);
  expect(rest.slice(0, 2).sort()).toEqual([rig.root, 'oops'].sort());
  expect(rest.slice(2)).toEqual(['[exit] 0', '']);
  expect(judgement.log).toEqual({ bytes: Buffer.byteLength(log), sha256: sha256Hex(log) });
  expect(await rig.list()).toEqual(['rlm/validator-3.log']);
});

test('all validators run in their order, and one that fails keeps none from running', async () => {
  await using rig = await createRig();
  const judgements = await run(rig, [
    'echo 1 >> order; exit 3',
    'echo 2 >> order',
    ['sh', '-c', 'echo 3 >> order; kill -KILL $$'],
    'echo 4 >> order',
  ]);
  expect(judgements.map(({ outcome, exitCode }) => [outcome, exitCode])).toEqual([
    ['failed', 3],
    ['passed', 0],
    ['failed', 137],
    ['passed', 0],
  ]);
  expect(await rig.read('order')).toBe('1\n2\n3\n4\n');
  expect(judgements.map(({ logPath }) => logPath)).toEqual([
    'validator-3.echo-1-order-exit-3.log',
    'validator-3.echo-2-order.log',
    'validator-3.sh-c-echo-3-order-kill-KILL.log',
    'validator-3.echo-4-order.log',
  ]);
  expect(await rig.read(`rlm/${judgements[2]?.logPath ?? ''}`)).toMatch(
    /\n\[signal\] SIGKILL\n\[exit\] 137\n$/,
  );
  expect(new Set(judgements.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

test('a validator that hangs is ended at its limit with what it started, and the next one runs', async () => {
  await using rig = await createRig();
  const hang = 'echo begun; (trap "" TERM; sh -c \'echo $$ > pid; sleep 60; sleep 60\') & wait';
  const [hung, next] = await run(rig, [hang, 'echo after'], { timeoutMs: 1500 });
  expect(hung).toMatchObject({ outcome: 'timed-out', exitCode: 124, tail: 'begun\n' });
  expect(hung?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(await rig.read(`rlm/${hung?.logPath ?? ''}`)).toMatch(
    /\nbegun\n\[timed out\] after 1500 ms\n$/,
  );
  expect(isRunning(Number(await rig.read('pid')))).toBe(false);
  expect(next).toMatchObject({ outcome: 'passed', tail: 'after\n' });
});

test.each<[string, CommandLine, number]>([
  ['a command that the shell does not find', 'no-such-command-here --x', 127],
  ['a file that may not be run', './plain', 126],
  ['a program that is not there', ['no-such-command-here'], 127],
  ['a folder as a program', ['./folder'], 126],
])('%s has judged nothing', async (_title, command, exitCode) => {
  await using rig = await createRig();
  await rig.write({ plain: 'x', 'folder/x': '' });
  const judgement = await runOne(rig, command);
  expect(judgement).toMatchObject({ outcome: 'not-runnable', exitCode, fingerprint: null });
  expect(judgement.tail).not.toBe('');
  const last = (await rig.read('rlm/validator-3.log')).trimEnd().split('\n').at(-1);
  expect(last).toMatch(typeof command === 'string' ? `[exit] ${exitCode}` : /^\[not run\] ./);
});

test('a folder that is not there is a validator that cannot be run', async () => {
  await using rig = await createRig();
  const request = { n: 1, loopDir: rig.path('rlm'), folder: rig.path('gone') };
  const validator = { name: 'x', command: 'true', timeoutMs: 1000 };
  const [judgement] = await runValidators([validator], request, createWorld());
  expect(judgement).toMatchObject({ outcome: 'not-runnable', fingerprint: null });
});

test('of fifty megabytes the log has the start and the end, the answer the last lines', async () => {
  await using rig = await createRig();
  const judgement = await runOne(
    rig,
    'echo first; yes 0123456789abcdef0123456789abcdef | head -c 52428800; echo; echo last >&2; exit 1',
  );
  expect(judgement).toMatchObject({ outcome: 'failed', notes: [] });
  expect(judgement.tail.endsWith('last\n')).toBe(true);
  expect(Buffer.byteLength(judgement.tail)).toBeLessThanOrEqual(8192);
  expect(judgement.tail.startsWith('0123456789abcdef0123456789abcdef\n')).toBe(true);
  const log = await readFile(rig.path('rlm/validator-3.log'));
  expect(judgement.log).toEqual({ bytes: log.length, sha256: sha256Hex(log) });
  expect(log.length).toBeLessThan(17 * 1024 * 1024);
  expect(log.subarray(0, 500).toString()).toContain('; exit 1\nfirst\n0123');
  expect(log.subarray(-100).toString()).toMatch(/\n\[exit\] 1\n$/);
  expect(log.includes('bytes of output omitted here')).toBe(true);
});

test('secrets are neither in log, nor in tail, nor in the command', async () => {
  await using rig = await createRig();
  const judgement = await runOne(
    rig,
    `printf 'key ${secret} \\033[31mhunter2-\\033[0mhunter2\\n'; exit 1`,
  );
  expect(judgement.tail).toBe('key [REDACTED] [REDACTED]\n');
  expect(judgement.command).toContain('[REDACTED]');
  expect(await rig.read('rlm/validator-3.log')).not.toContain(secret);
  expect(JSON.stringify(judgement)).not.toContain(secret);
});

test('the answer has no colours, nothing that was written over, and whole characters', async () => {
  await using rig = await createRig();
  const short = await runOne(rig, `printf '\\033[32mgreen\\033[0m\\n10%%\\r100%%\\r\\ndone'`);
  expect(short.tail).toBe('green\n100%\ndone');
  const line = await runOne(
    rig,
    `i=0; while [ $i -lt 200 ]; do printf '%s' äöüäöüäöüäöüäöüäöüäöüäöüäöüäöü; i=$((i+1)); done`,
  );
  expect(line.tail).toMatch(/^[äöü]{4000,}$/);
});

test('a cancelled loop ends the running validator, and those after it never start', async () => {
  await using rig = await createRig();
  const abort = new AbortController();
  const world = createWorld();
  const judgements = await run(rig, ['echo up; sleep 60', 'touch later'], {
    world: {
      signal: abort.signal,
      runProcess: (command, options) =>
        world.runProcess(command, {
          ...options,
          onOutput: (output) => {
            options.onOutput?.(output);
            abort.abort(new Error('enough'));
          },
        }),
    },
  });
  expect(judgements).toMatchObject([
    { outcome: 'cancelled', exitCode: 130, fingerprint: null, tail: 'up\n' },
    { outcome: 'cancelled', exitCode: null, fingerprint: null, tail: '', logPath: null, log: null },
  ]);
  expect(await rig.list()).toEqual(['rlm/validator-3.echo-up-sleep-60.log']);
  expect(await rig.read('rlm/validator-3.echo-up-sleep-60.log')).toMatch(/\nup\n\[cancelled\]\n$/);
});

test('a log of an earlier try is replaced, and a symlink in its place is not followed', async () => {
  await using rig = await createRig();
  await rig.write({ precious: 'keep', 'rlm/validator-2.log': 'earlier' });
  await symlink('../precious', rig.path('rlm/validator-3.log'));
  await symlink('../precious', rig.path('rlm/validator-3.log.output'));
  const judgement = await runOne(
    rig,
    'rm -f rlm/validator-3.log; ln -s ../precious rlm/validator-3.log; echo new',
  );
  expect(judgement).toMatchObject({ outcome: 'passed', notes: [] });
  expect(await rig.read('precious')).toBe('keep');
  expect(await rig.read('rlm/validator-3.log')).toMatch(/\nnew\n\[exit\] 0\n$/);
});

test('a validator that writes into its own log, or removes it, is told on', async () => {
  await using rig = await createRig();
  const forged = await runOne(
    rig,
    'echo "1 failed"; sleep 0.2; printf 0 > rlm/validator-3.log.output; exit 1',
  );
  expect(forged).toMatchObject({ outcome: 'failed', tail: '1 failed\n' });
  expect(forged.notes[0]).toContain('was written to by somebody else');
  const removed = await runOne(
    rig,
    'echo "1 failed"; sleep 0.2; rm rlm/validator-3.log.output; exit 1',
  );
  expect(removed).toMatchObject({ outcome: 'failed', tail: '1 failed\n' });
  expect(removed.notes[0]).toContain('is incomplete');
  expect(await rig.read('rlm/validator-3.log')).toMatch(
    /\n\[log\] is incomplete: .*\n\[exit\] 1\n$/,
  );
});

test('a log that cannot be written costs the log and not the judgement', async () => {
  await using rig = await createRig();
  const judgement = await runOne(rig, `mkdir -p '${rig.path('rlm/validator-3.log/x')}'; echo fine`);
  expect(judgement).toMatchObject({ outcome: 'passed', tail: 'fine\n', logPath: null, log: null });
  expect(judgement.notes[0]).toContain('could not be written');
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'error', code: 'ENOSPC' } : undefined,
  );
  const full = await runOne(rig, 'echo fine', { world: { fs: faulty.fs } });
  expect(full).toMatchObject({ outcome: 'passed', logPath: null });
  expect(faulty.unclosed()).toEqual([]);
});

test('what a validator puts in the place of its output is not waited for', async () => {
  await using rig = await createRig();
  const output = rig.path('rlm/validator-3.log.output');
  const judgement = await runOne(rig, `rm '${output}'; mkfifo '${output}'; echo fine`);
  expect(judgement.outcome).toBe('passed');
  expect(judgement.notes[0]).toContain('was written to by somebody else');
});

test('the same failure has the same fingerprint in the next iteration, and another one has another', async () => {
  await using rig = await createRig();
  await writeFile(
    rig.path('verify.sh'),
    'echo "pid $$ at $(date +%H:%M:%S) in $PWD"; cat state; exit 1',
  );
  await rig.write({ state: '3 failed in 12ms\n' });
  const first = await runOne(rig, 'sh verify.sh');
  await rig.write({ state: '3 failed in 1.5 s\n' });
  const second = await runOne(rig, 'sh verify.sh');
  await rig.write({ state: '2 failed in 12ms\n' });
  const third = await runOne(rig, 'sh verify.sh');
  expect(first.fingerprint).not.toBeNull();
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(third.fingerprint).not.toBe(first.fingerprint);
  expect((await stat(rig.path('rlm/validator-3.log'))).size).toBe(third.log?.bytes);
});

test('names of validators are unique and safe in file names, whatever the commands are', () => {
  expect(
    nameValidators([
      'npm test',
      'npm test',
      'npm-test-2',
      ['npm', 'test'],
      'NPM test',
      '../../x',
      '$$$',
      'ä'.repeat(9),
    ]),
  ).toEqual([
    'npm-test',
    'npm-test-2',
    'npm-test-2-2',
    'npm-test-3',
    'NPM-test-4',
    'x',
    'command',
    'command-2',
  ]);
  expect(nameValidators(["A=1 B='x y' npm test", 'A=1'])).toEqual(['npm-test', 'A-1']);
  const [long] = nameValidators([`./${'very-long-'.repeat(20)}.sh`]);
  expect(long).toMatch(/^very-long-[a-z-]{30,40}[a-z]$/);
});
