import { readFileSync, writeFileSync } from 'node:fs';

import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { Rig, SingleFault } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { CoreError, appendLines, nodeFileSystem, openLineAppender } from '../src/index.js';
import type { AppendOptions, FileSystem } from '../src/index.js';

const LINES = ['first new line', 'second new line'];
const NEW = `${LINES.join('\n')}\n`;

type Append = (path: string, options: AppendOptions) => Promise<unknown>;

const appendShared: Append = (path, options) => appendLines(path, LINES, options);

const appendAlone: Append = (path, options) =>
  appendLines(path, LINES, { ...options, shared: false });

const olds = [
  ['a new file', undefined],
  ['whole lines', 'old line\n'],
  ['a torn tail', 'old line\ntorn'],
] as const;

test.each(olds)('any single fault of a shared append is told truly: %s', async (_name, old) => {
  await using rig = await createRig();
  expect(await runAll(rig, old, appendShared)).toEqual([]);
});

test.each(olds)('any single fault of a lone append is undone or told: %s', async (_name, old) => {
  await using rig = await createRig();
  expect(await runAll(rig, old, appendAlone)).toEqual([]);
});

test('a lone append never leaves a part behind', async () => {
  await using rig = await createRig();
  const told = new Set<unknown>();
  await runAll(rig, 'old line\n', appendAlone, (error) => told.add(error?.onDisk));
  expect(told).toEqual(new Set([undefined, 'old', 'new']));
});

test('the table catches an append that ignores short counts', async () => {
  await using rig = await createRig();
  const naive: Append = (path, { fs = nodeFileSystem }) => {
    const fd = fs.open(path, 'a');
    fs.write(fd, Buffer.from(NEW), null);
    fs.close(fd);
    return Promise.resolve();
  };
  const violations = await runAll(rig, 'old line\n', naive);
  expect(violations).toContainEqual(expect.stringMatching(/^write #1 moves 1 bytes: no error/));
});

test('a shared append that comes back short leaves the part, says so, and the next one heals it', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'old line\n' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'short', bytes: 3 } : undefined,
  );
  await expect(appendShared(rig.path('a'), { fs })).rejects.toMatchObject({ onDisk: 'partial' });
  expect(await rig.read('a')).toBe('old line\nfir');
  expect(await appendLines(rig.path('a'), ['next'])).toMatchObject({ healedTail: true });
  expect(await rig.read('a')).toBe('old line\nfir\nnext\n');
});

test('when undoing fails too, the first error counts and says that a part may be there', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'old line\n' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'write') return { kind: 'short', bytes: 3 };
    return operation === 'ftruncate' ? { kind: 'error', code: 'EIO' } : undefined;
  });
  await expect(appendAlone(rig.path('a'), { fs })).rejects.toMatchObject({
    code: 'APPEND_FAILED',
    onDisk: 'unknown',
  });
  await appendShared(rig.path('a'), {});
  expect(await rig.read('a')).toBe(`old line\nfir\n${NEW}`);
});

test('an undo spares the line that another writer put behind the part', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'old line\n' });
  const other = 'the line of another writer, longer than what was to be written\n';
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'write') return { kind: 'short', bytes: 3 };
    if (operation === 'fstat' && rigHas(rig, 'fir'))
      writeFileSync(rig.path('a'), other, { flag: 'a' });
    return undefined;
  });
  await expect(appendAlone(rig.path('a'), { fs })).rejects.toMatchObject({ onDisk: 'unknown' });
  expect(await rig.read('a')).toBe(`old line\nfir${other}`);
});

test('an appender goes on after a failed append', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'write' && nth === 2 ? { kind: 'short', bytes: 3 } : undefined,
  );
  using journal = openLineAppender(rig.path('a'), { fs });
  journal.append(['one']);
  expect(() => journal.append(['two'])).toThrow(CoreError);
  journal.append(['three']);
  expect(await rig.read('a')).toBe('one\nthree\n');
  expect(journal).toMatchObject({ lines: 2, bytes: 10 });
});

/** Appends once without a fault to learn the calls, then once with each single fault. */
async function runAll(
  rig: Rig,
  old: string | undefined,
  append: Append,
  onOutcome: (error: CoreError | undefined) => void = () => undefined,
): Promise<string[]> {
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await appendTo(rig.path('clean'), old, { append, fs: clean.fs });
  const violations: string[] = [];
  for (const [index, fault] of singleFaults(clean.calls).entries()) {
    const path = rig.path(String(index));
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const error = await appendTo(path, old, { append, fs: faulty.fs }).then(
      () => undefined,
      (thrown: unknown) => thrown as CoreError,
    );
    onOutcome(error);
    const found = violationsOf(readOrEmpty(path), old ?? '', { error, fault });
    if (faulty.unclosed().length > 0) found.push('a descriptor was not closed');
    found.push(...(await healingViolations(path)));
    violations.push(...found.map((violation) => `${fault.title}: ${violation}`));
  }
  return violations;
}

function violationsOf(
  content: string,
  old: string,
  outcome: { error: CoreError | undefined; fault: SingleFault },
): string[] {
  const { error } = outcome;
  const healed = old === '' || old.endsWith('\n') ? old : `${old}\n`;
  // An empty line is the price of not knowing whether the tail is torn.
  const isNew = content === healed + NEW || content === `${healed}\n${NEW}`;
  if (error === undefined) return isNew ? [] : ['no error, and the lines are not there'];
  if (!(error instanceof CoreError)) return ['the error is no CoreError'];
  const isPart = (healed + NEW).startsWith(content) && content.length > old.length;
  const truths = { old: content === old, new: isNew, partial: isPart, unknown: isPart };
  return truths[error.onDisk ?? 'old'] ? [] : [`the error says ${String(error.onDisk)}`];
}

/** Whatever happened, the next append is on a line of its own. */
async function healingViolations(path: string): Promise<string[]> {
  await appendLines(path, ['next'], { shared: false });
  return readOrEmpty(path).split('\n').at(-2) === 'next' ? [] : ['the next line is damaged'];
}

async function appendTo(
  path: string,
  old: string | undefined,
  { append, fs }: { append: Append; fs: FileSystem },
): Promise<void> {
  if (old !== undefined) writeFileSync(path, old);
  await append(path, { fs, durability: 'power' });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function rigHas(rig: Rig, text: string): boolean {
  return readOrEmpty(rig.path('a')).endsWith(text);
}
