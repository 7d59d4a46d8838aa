import { chownSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { Rig, SingleFault } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  CoreError,
  isTempName,
  nodeFileSystem,
  sweepTempFiles,
  writeFileAtomic,
} from '../src/index.js';
import type { AtomicWriteOptions, FileSystem } from '../src/index.js';

const OLD = 'old content\n';
const NEW = `${'new content '.repeat(1000)}\n`;

type Replace = (path: string, content: string, options: AtomicWriteOptions) => Promise<unknown>;

/** A situation before the write. `old` is what a reader may see besides the new content. */
interface Scenario {
  readonly name: string;
  readonly old: string | undefined;
  readonly options: (folder: string) => AtomicWriteOptions;
  /** Prepares the folder and returns the path to write to. */
  readonly prepare: (folder: string) => string;
}

const scenarios: Scenario[] = [
  {
    name: 'a new file',
    old: undefined,
    options: () => ({ mode: 0o666 }),
    prepare: (folder) => join(folder, 'a'),
  },
  {
    name: 'a replaced file, durable',
    old: OLD,
    options: () => ({ durability: 'power' }),
    prepare: (folder) => writeOld(join(folder, 'a')),
  },
  {
    name: 'a file of somebody else',
    old: OLD,
    options: () => ({}),
    prepare: (folder) => giveAway(writeOld(join(folder, 'a'))),
  },
  {
    name: 'a symlink inside a root',
    old: OLD,
    options: (folder) => ({ root: folder, durability: 'power' }),
    prepare: (folder) => {
      writeOld(join(folder, 'a'));
      symlinkSync('a', join(folder, 'link'));
      return join(folder, 'link');
    },
  },
];

test.each(scenarios)('any single fault leaves old or new: $name', async (scenario) => {
  await using rig = await createRig();
  const { faults, violations } = await runAll(rig, scenario, writeFileAtomic);
  expect(violations).toEqual([]);
  // As many as the run has calls, twice, and the short counts.
  expect(faults.length).toBeGreaterThan(15);
});

test('a write that comes back short is gone on with', async () => {
  await using rig = await createRig();
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'short', bytes: 1000 } : undefined,
  );
  await writeFileAtomic(rig.path('a'), NEW, { fs: faulty.fs });
  expect(await rig.read('a')).toBe(NEW);
  expect(faulty.count('write')).toBe(Math.ceil(NEW.length / 1000));
});

test('the table catches a writer that ignores short counts', async () => {
  await using rig = await createRig();
  const { violations } = await runAll(rig, replaceOf('a replaced file, durable'), naiveReplace);
  expect(violations).toContainEqual(expect.stringMatching(/^write #1 moves 1 bytes: .* neither/));
});

test('the table catches a writer that leaves its temp file', async () => {
  await using rig = await createRig();
  const { violations } = await runAll(rig, replaceOf('a replaced file, durable'), naiveReplace);
  expect(violations).toContainEqual(expect.stringMatching(/^rename #1 fails .* left over/));
});

test.each(['write', 'fstat', 'fchmod', 'fsync', 'close', 'rename'])(
  'when removing the temp file fails too, the first error counts: %s',
  async (operation) => {
    await using rig = await createRig();
    const path = writeOld(rig.path('a'));
    chmodSync(path, 0o640);
    const { fs } = faultyFileSystem(nodeFileSystem, (call) => {
      if (call.operation === 'unlink') return { kind: 'error', code: 'EACCES' };
      return call.operation === operation ? { kind: 'error', code: 'EIO' } : undefined;
    });
    const writing = writeFileAtomic(path, NEW, { fs, durability: 'power' });
    await expect(writing).rejects.toMatchObject({ errno: 'EIO', onDisk: 'old' });
    expect(await rig.read('a')).toBe(OLD);
    const left = (await rig.list()).filter((name) => name !== 'a');
    expect(left).toHaveLength(1);
    expect(left.every(isTempName)).toBe(true);
  },
);

test('what a crash leaves is found by a sweep once it is old and its writer is gone', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    ['rename', 'unlink'].includes(operation) ? { kind: 'error', code: 'EIO' } : undefined,
  );
  await expect(writeFileAtomic(rig.path('a'), NEW, { fs })).rejects.toThrow(CoreError);
  expect(await sweepTempFiles(rig.root, { olderThanMs: 0 })).toEqual([]);
  const [name = ''] = await rig.list();
  const ofTheDead = name.replace(`.${process.pid}-`, '.4194305-');
  nodeFileSystem.rename(rig.path(name), rig.path(ofTheDead));
  expect(await sweepTempFiles(rig.root, { olderThanMs: -1 })).toEqual([rig.path(ofTheDead)]);
  expect(await rig.list()).toEqual([]);
});

/** Runs the write once without a fault to learn its calls, then once with each single fault. */
async function runAll(rig: Rig, scenario: Scenario, replace: Replace) {
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await replaceInFolder(rig.path('clean'), scenario, { replace, fs: clean.fs });
  const faults = [...singleFaults(clean.calls), ...singleFaults(clean.calls, 'ENOSPC')];
  const violations: string[] = [];
  for (const [index, fault] of faults.entries()) {
    const found = await violationsOf(rig.path(String(index)), scenario, { replace, fault });
    violations.push(...found.map((violation) => `${fault.title}: ${violation}`));
  }
  return { faults, violations };
}

async function violationsOf(
  folder: string,
  scenario: Scenario,
  { replace, fault }: { replace: Replace; fault: SingleFault },
): Promise<string[]> {
  const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
  const error = await replaceInFolder(folder, scenario, { replace, fs: faulty.fs }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return [
    ...contentViolations(readOrUndefined(join(folder, 'a')), scenario.old, error),
    ...nodeFileSystem
      .readdir(folder)
      .flatMap((name) => (isTempName(name) ? ['temp left over'] : [])),
    ...faulty.unclosed().map((fd) => `descriptor ${fd} was not closed`),
  ];
}

function contentViolations(
  content: string | undefined,
  old: string | undefined,
  error: unknown,
): string[] {
  if (error === undefined) return content === NEW ? [] : ['no error, and neither old nor new'];
  if (content !== NEW && content !== old) return ['the content is neither old nor new'];
  if (!(error instanceof CoreError)) return ['the error is no CoreError'];
  const told = { old, new: NEW, partial: undefined, unknown: content }[error.onDisk ?? 'old'];
  return told === content ? [] : [`the error says ${String(error.onDisk)}`];
}

async function replaceInFolder(
  folder: string,
  scenario: Scenario,
  { replace, fs }: { replace: Replace; fs: FileSystem },
): Promise<void> {
  mkdirSync(folder);
  const path = scenario.prepare(folder);
  await replace(path, NEW, { ...scenario.options(folder), fs });
}

/** What three public libraries do: one write whose count nobody looks at, and no cleaning up. */
async function naiveReplace(path: string, content: string, options: AtomicWriteOptions) {
  const { fs = nodeFileSystem } = options;
  const tempPath = `${path.replace(/[^/]*$/, '')}.a.1-${'0'.repeat(16)}.atomic-tmp`;
  const fd = fs.open(tempPath, 'wx', 0o666);
  fs.write(fd, Buffer.from(content), null);
  fs.fsync(fd);
  fs.close(fd);
  fs.rename(tempPath, path);
  return Promise.resolve();
}

function replaceOf(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (!scenario) throw new Error(`No scenario ${name}`);
  return scenario;
}

function writeOld(path: string): string {
  writeFileSync(path, OLD);
  return path;
}

/** Only root may; for others the scenario is one of their own files. */
function giveAway(path: string): string {
  if (process.getuid?.() === 0) chownSync(path, 1234, 4321);
  return path;
}

function readOrUndefined(path: string): string | undefined {
  try {
    const fd = nodeFileSystem.open(path, 'r');
    const buffer = Buffer.alloc(NEW.length + 1);
    const count = nodeFileSystem.read(fd, buffer, 0);
    nodeFileSystem.close(fd);
    return buffer.toString('utf8', 0, count);
  } catch {
    return undefined;
  }
}
