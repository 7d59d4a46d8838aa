import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { truncate } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  appendLines,
  nodeFileSystem,
  openLineAppender,
  visitLines,
  writeFileAtomic,
} from '../src/index.js';

const DISK_BYTES = 256 * 1024;
const OLD = `${'o'.repeat(64 * 1024)}\n`;

const canMount = await mountWorks();
const title = (what: string): string => `${what} (needs the right to mount a tmpfs)`;

test.skipIf(!canMount)(title('the trap exists: a write to a full disk is short, no error'), () =>
  withFullDisk((disk) => {
    const fd = nodeFileSystem.open(disk('naive'), 'wx');
    const count = writeSync(fd, Buffer.alloc(DISK_BYTES));
    nodeFileSystem.close(fd);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(DISK_BYTES);
    return Promise.resolve();
  }),
);

test.skipIf(!canMount)(title('a replace that does not fit leaves the old file alone'), () =>
  withFullDisk(async (disk, rig) => {
    await expect(writeFileAtomic(disk('old'), Buffer.alloc(DISK_BYTES))).rejects.toMatchObject({
      code: 'ATOMIC_WRITE_FAILED',
      errno: 'ENOSPC',
      onDisk: 'old',
    });
    expect(await rig.read('disk/old')).toBe(OLD);
    expect(await rig.list('disk')).toEqual(['disk/old']);
  }),
);

test.skipIf(!canMount)(title('an append that does not fit is undone'), () =>
  withFullDisk(async (disk, rig) => {
    using journal = openLineAppender(disk('old'));
    expect(() => journal.append(['n'.repeat(DISK_BYTES)])).toThrow(
      expect.objectContaining({ code: 'APPEND_FAILED', onDisk: 'old' }) as Error,
    );
    expect(await rig.read('disk/old')).toBe(OLD);
    journal.append(['fits']);
    expect(await rig.read('disk/old')).toBe(`${OLD}fits\n`);
  }),
);

test.skipIf(!canMount)(title('a shared append that does not fit says so and is healed later'), () =>
  withFullDisk(async (disk) => {
    await expect(appendLines(disk('old'), ['n'.repeat(DISK_BYTES)])).rejects.toMatchObject({
      code: 'APPEND_FAILED',
      onDisk: 'partial',
    });
    await truncate(disk('old'), DISK_BYTES / 2);
    expect(await appendLines(disk('old'), ['fits'])).toMatchObject({ healedTail: true });
    const texts: string[] = [];
    await visitLines(disk('old'), (line) => texts.push(line.text));
    expect(texts.at(0)).toBe(OLD.trimEnd());
    expect(texts.at(1)).toMatch(/^n+$/);
    expect(texts.at(2)).toBe('fits');
  }),
);

/** Runs with a small disk of its own that holds one old file and has little room left. */
async function withFullDisk(
  run: (disk: (name: string) => string, rig: Rig) => Promise<void>,
): Promise<void> {
  await using rig = await createRig();
  mkdirSync(rig.path('disk'));
  expect(mount(rig.path('disk'))).toBe(true);
  try {
    writeFileSync(rig.path('disk/old'), OLD);
    await run((name) => rig.path('disk', name), rig);
  } finally {
    spawnSync('umount', ['-l', rig.path('disk')]);
  }
}

async function mountWorks(): Promise<boolean> {
  await using rig = await createRig();
  const works = mount(rig.root);
  if (works) spawnSync('umount', [rig.root]);
  return works;
}

function mount(folder: string): boolean {
  const args = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder];
  return spawnSync('mount', args).status === 0;
}
