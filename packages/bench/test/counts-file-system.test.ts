import { nodeFileSystem, writeFileAtomic } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { countingFileSystem } from '../src/counts/counting-file-system.js';

test('counts the calls of a replaced file and the bytes that it moved', async () => {
  await using rig = await createRig();
  const { fs, counts } = countingFileSystem(nodeFileSystem);
  await writeFileAtomic(rig.path('a.json'), 'twelve bytes', { fs });
  expect(counts()).toMatchObject({
    opens: 1,
    writes: 1,
    bytesWritten: 12,
    renames: 1,
    reads: 0,
    bytesRead: 0,
    fsyncs: 0,
  });
});

test('counts a call that fails, and no bytes for it', async () => {
  await using rig = await createRig();
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'error', code: 'EIO' } : undefined,
  );
  const { fs, counts } = countingFileSystem(faulty.fs);
  const fd = fs.open(rig.path('a'), 'w');
  expect(() => fs.write(fd, Buffer.from('lost'), null)).toThrow('EIO');
  fs.close(fd);
  expect(counts()).toMatchObject({ calls: 3, opens: 1, writes: 1, bytesWritten: 0 });
});
