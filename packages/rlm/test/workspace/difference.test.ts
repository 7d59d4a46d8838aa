import { readFile } from 'node:fs/promises';

import { sha256Hex } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { boundStat, readDifference } from '../../src/workspace/parse-difference.js';
import { createRepositoryRig } from './repository-rig.js';

const printed = [
  ':100644 100644 1111111 2222222 M\0a "ö".txt\0',
  ':100644 100644 1111111 1111111 R097\0old name\0new\nname\0',
  ':000000 100644 0000000 2222222 A\0image.png\0',
  '3\t1\ta "ö".txt\0',
  '1\t0\t\0old name\0new\nname\0',
  '-\t-\timage.png\0',
  ' a | 4 +++-\n 3 files changed, 4 insertions(+), 1 deletion(-)\n',
].join('');

test('a difference is read the same wherever its output is cut', () => {
  const bytes = Buffer.from(printed);
  for (let at = 0; at <= bytes.byteLength; at += 1) {
    const reader = readDifference();
    reader.push(bytes.subarray(0, at));
    reader.push(bytes.subarray(at));
    expect(reader.end()).toEqual({
      files: 3,
      insertions: 4,
      deletions: 1,
      paths: ['a "ö".txt', 'new\nname', 'image.png'],
      status: 'M  a "ö".txt\nR  old name -> new\nname\nA  image.png',
      stat: ' a | 4 +++-\n 3 files changed, 4 insertions(+), 1 deletion(-)',
    });
  }
});

test('of a difference of many files only as much is kept as fits', () => {
  const reader = readDifference();
  const count = 5000;
  for (let n = 0; n < count; n += 1) {
    reader.push(Buffer.from(`:000000 100644 0 1 A\0folder/file-${n}\0`));
  }
  for (let n = 0; n < count; n += 1) reader.push(Buffer.from(`2\t1\tfolder/file-${n}\0`));
  const { files, insertions, deletions, paths, status } = reader.end();
  expect([files, insertions, deletions]).toEqual([count, 2 * count, count]);
  expect(paths).toHaveLength(200);
  expect(status.length).toBeLessThanOrEqual(2000);
  expect(status.split('\n').at(-1)).toBe(`... and ${count - status.split('\n').length + 1} more`);
});

test('a stat that is too long keeps its sums', () => {
  const lines = Array.from({ length: 100 }, (_, n) => ` some/folder/file-${n}.txt | 2 ++`);
  const text = [...lines, ' 100 files changed, 200 insertions(+)'].join('\n');
  const stat = boundStat(`${text}\n`);
  expect(stat.length).toBeLessThanOrEqual(2000);
  expect(stat.split('\n').slice(-2)).toEqual([' ...', ' 100 files changed, 200 insertions(+)']);
  expect(boundStat(' a | 1 +\n')).toBe(' a | 1 +');
});

test('what lies between two snapshots is counted, named, described and written as a patch that applies', async () => {
  await using rig = await createRepositoryRig({
    files: { 'a.txt': 'one\n', 'long.txt': 'line\n'.repeat(20), 'gone.txt': 'g\n' },
  });
  const workspace = await rig.open();
  const before = (await workspace.snapshot()) ?? '';
  expect(await workspace.describe(before)).toBe('Nothing has changed.');
  await rig.write({
    'repo/a.txt': 'one\ntwo\n',
    'repo/größe.bin': new Uint8Array([0, 1, 2, 255, 0]),
    'repo/moved.txt': `${'line\n'.repeat(20)}end\n`,
  });
  rig.git(['rm', '-q', 'gone.txt', 'long.txt']);
  const after = (await workspace.snapshot()) ?? '';
  const difference = await workspace.compare(before, after);
  expect(difference).toMatchObject({
    files: 4,
    insertions: 2,
    deletions: 1,
    paths: ['a.txt', 'gone.txt', 'größe.bin', 'moved.txt'],
  });
  expect(difference.stat).toContain('4 files changed');
  expect(difference.stat).toContain('größe.bin');
  expect(await workspace.compare(after, after)).toMatchObject({ files: 0, stat: '' });
  expect(await workspace.describe(before)).toBe(
    `M  a.txt\nD  gone.txt\nA  größe.bin\nR  long.txt -> moved.txt\n\n${difference.stat}`,
  );
  const patch = await workspace.writePatch(before, after, rig.path('changes.patch'));
  const written = await readFile(rig.path('changes.patch'));
  expect(patch).toEqual({
    bytes: written.byteLength,
    sha256: sha256Hex(written),
    truncated: false,
    redacted: false,
  });
  rig.git(['clone', '-q', 'repo', 'copy'], '.');
  rig.git(['apply', '--index', rig.path('changes.patch')], 'copy');
  expect(rig.git(['write-tree'], 'copy').trim()).toBe(after);
});

test('a patch is cut at a line when it is larger than allowed', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open({ maxPatchBytes: 1000 });
  const before = (await workspace.snapshot()) ?? '';
  await rig.write({ 'repo/big.txt': 'twenty letters a line\n'.repeat(200_000) });
  const after = (await workspace.snapshot()) ?? '';
  const { truncated, bytes, sha256 } = await workspace.writePatch(before, after, rig.path('p'));
  const written = await rig.read('p');
  expect(truncated).toBe(true);
  expect(bytes).toBeLessThanOrEqual(1000);
  expect(bytes).toBeGreaterThan(900);
  expect(written.endsWith('+twenty letters a line\n')).toBe(true);
  expect(sha256).toBe(sha256Hex(written));
});

test('no secret is in patches and descriptions, also none that the limit would cut', async () => {
  await using rig = await createRepositoryRig();
  const redact = (text: string): string => text.replaceAll('s3cr3t-v4lue', '***');
  const workspace = await rig.open({ maxPatchBytes: 240 }, { redact });
  const before = (await workspace.snapshot()) ?? '';
  await rig.write({
    'repo/s3cr3t-v4lue.txt': 'line\ns3cr3t-v4lue s3cr3t-v4lue\nline\n'.repeat(20),
  });
  const after = (await workspace.snapshot()) ?? '';
  const patch = await workspace.writePatch(before, after, rig.path('p'));
  expect(patch).toMatchObject({ truncated: true, redacted: true });
  expect(patch.bytes).toBeLessThanOrEqual(240);
  expect(await rig.read('p')).toContain('***');
  const kept = JSON.stringify([
    await rig.read('p'),
    await workspace.compare(before, after),
    await workspace.describe(before),
  ]);
  expect(kept).not.toMatch(/s3c/);
});

test('a snapshot that is gone cannot be compared', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open();
  const tree = (await workspace.snapshot()) ?? '';
  const gone = '1'.repeat(40);
  await expect(workspace.compare(gone, tree)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  await expect(workspace.writePatch(gone, tree, rig.path('p'))).rejects.toMatchObject({
    code: 'GIT_FAILED',
  });
});
