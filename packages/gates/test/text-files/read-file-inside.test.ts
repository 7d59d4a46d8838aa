import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { describeUnread, readFileInside } from '../../src/text-files/read-file-inside.js';
import { readText } from '../../src/text-files/read-text.js';

test('a file that is cut while it is read is not taken for what is left of it', async () => {
  await using rig = await createRig();
  const fs = {
    ...nodeFileSystem,
    read: (fd: number, buffer: Uint8Array, position: number) =>
      position >= 4 ? 0 : nodeFileSystem.read(fd, buffer.subarray(0, 4), position),
  };
  writeFileSync(join(rig.root, 'list.md'), 'eight ch');

  const reading = readFileInside({ root: rig.root, fs }, 'list.md');

  expect(reading).toEqual({ kind: 'unreadable', reason: 'it was cut while it was read' });
  expect(readText({ root: rig.root, fs }, 'list.md')).toEqual({
    ...{ kind: 'unusable', reason: 'it was cut while it was read', isTooLarge: false },
  });
});

test('a file that is read in small pieces, and grows meanwhile, is read to its end', async () => {
  await using rig = await createRig();
  const path = join(rig.root, 'list.md');
  writeFileSync(path, 'eight ch');
  let reads = 0;
  const fs = {
    ...nodeFileSystem,
    read: (fd: number, buffer: Uint8Array, position: number) => {
      reads += 1;
      if (reads === 1) writeFileSync(path, 'eight characters and more');
      return nodeFileSystem.read(fd, buffer.subarray(0, 3), position);
    },
  };

  const reading = readFileInside({ root: rig.root, fs }, 'list.md');

  expect(reading.kind === 'read' ? String(reading.bytes) : describeUnread(reading)).toBe(
    'eight characters and more',
  );
});
