import { createHash } from 'node:crypto';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { OutputLog } from '../src/output-log.js';

const maxBytes = 1024;

test('output up to the limit is kept byte for byte', async () => {
  await using rig = await createRig();
  for (const length of [0, 1, 511, 512, 513, 1023, 1024]) {
    const whole = numbered(length);
    const report = writeAll(rig.path('a.log'), whole);
    const counts = { bytes: length, seenBytes: length, omittedBytes: 0 };
    expect(report).toEqual({ path: rig.path('a.log'), ...counts, sha256: sha256(whole) });
    expect(await rig.read('a.log')).toBe(whole.toString());
    expect(await rig.list()).toEqual(['a.log']);
  }
});

test('beyond the limit the start and the end stay, with the exact number of missing bytes', async () => {
  await using rig = await createRig();
  for (const length of [1025, 1500, 2047, 2048, 2049, 10_000, 10_007]) {
    const whole = numbered(length).toString();
    const report = writeAll(rig.path('a.log'), Buffer.from(whole));
    const text = await rig.read('a.log');
    const [head = '', tail = ''] = text.split(/\n\[\d+ bytes of output omitted here\]\n/);
    const omittedBytes = length - head.length - tail.length;
    expect(text).toContain(`\n[${omittedBytes} bytes of output omitted here]\n`);
    expect(report).toMatchObject({ bytes: text.length, seenBytes: length, omittedBytes });
    expect(report.sha256).toBe(sha256(text));
    expect(whole.startsWith(head) && whole.endsWith(tail)).toBe(true);
    expect(head.length).toBe(512);
    expect(tail.length).toBeGreaterThan(400);
    expect(text.length).toBeLessThanOrEqual(maxBytes);
    expect(await rig.list()).toEqual(['a.log']);
  }
});

test('without a limit everything is kept', async () => {
  await using rig = await createRig();
  const report = writeAll(rig.path('a.log'), numbered(5000), { maxBytes: Infinity });
  expect(report).toMatchObject({ bytes: 5000, omittedBytes: 0 });
  expect(await rig.read('a.log')).toBe(numbered(5000).toString());
});

test('a log that replaces another one removes the segments that a crash left', async () => {
  await using rig = await createRig();
  await rig.write({ 'a.log': 'old', 'a.log.tail': 'old', 'a.log.tail.previous': 'old' });
  writeAll(rig.path('a.log'), Buffer.from('new'));
  expect(await rig.list()).toEqual(['a.log']);
  expect(await rig.read('a.log')).toBe('new');
});

test('a crash leaves the start and the newest bytes, each in order', async () => {
  await using rig = await createRig();
  const whole = numbered(5000);
  const log = new OutputLog(rig.path('a.log'), maxBytes, nodeFileSystem);
  for (let at = 0; at < whole.length; at += 100) log.write(whole.subarray(at, at + 100));
  const newest = (await rig.read('a.log.tail.previous')) + (await rig.read('a.log.tail'));
  expect(await rig.read('a.log')).toBe(whole.subarray(0, 512).toString());
  expect(whole.toString().endsWith(newest)).toBe(true);
  expect(newest.length).toBeGreaterThanOrEqual(512);
  log.finish();
});

test('every write that comes back short once is completed', async () => {
  await using rig = await createRig();
  const whole = numbered(3000);
  const expected = await writtenBy(nodeFileSystem);
  const writes = await countCalls('write');
  for (let nth = 1; nth <= writes; nth++) {
    expect(await writtenBy(failing('write', nth, { kind: 'short', bytes: 3 }))).toBe(expected);
  }

  async function writtenBy(fs: FileSystem): Promise<string> {
    const report = writeAll(rig.path('a.log'), whole, { fs });
    expect(report).not.toHaveProperty('error');
    expect(report.sha256).toBe(sha256(await rig.read('a.log')));
    return rig.read('a.log');
  }
});

test('any call that fails is reported, and what is in the log is an exact prefix', async () => {
  const whole = numbered(3000);
  for (const operation of ['open', 'write', 'read', 'rename', 'unlink', 'close']) {
    for (let nth = 1; nth <= (await countCalls(operation)); nth++) {
      await using rig = await createRig();
      const fs = failing(operation, nth, { kind: 'error', code: 'ENOSPC' });
      const report = writeAll(rig.path('a.log'), whole, { fs });
      const text = (await rig.list()).includes('a.log') ? await rig.read('a.log') : '';
      const [head = '', tail = ''] = text.split(/\n\[\d+ bytes of output omitted here\]\n/);
      expect(report).toMatchObject({
        bytes: text.length,
        seenBytes: 3000,
        omittedBytes: 3000 - head.length - tail.length,
        error: { code: 'ENOSPC' },
      });
      expect(report).not.toHaveProperty('sha256');
      expect(whole.toString().startsWith(head) && whole.toString().endsWith(tail)).toBe(true);
    }
  }
});

test('a tail that can be neither added nor taken back is counted as it is', async () => {
  await using rig = await createRig();
  const faults: Record<string, Fault> = {
    read: { kind: 'error', code: 'EIO' },
    ftruncate: { kind: 'error', code: 'EROFS' },
  };
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'read' && nth === 1 ? undefined : faults[operation],
  );
  const report = writeAll(rig.path('a.log'), numbered(1100), { fs });
  const text = await rig.read('a.log');
  expect(report).toMatchObject({ bytes: text.length, error: { code: 'EIO' } });
  const marker = /\n\[\d+ bytes of output omitted here\]\n/.exec(text)?.[0] ?? '';
  expect(report.omittedBytes).toBe(1100 - (text.length - marker.length));
});

test('a disk that stays full costs the rest of the log and no endless loop', async () => {
  await using rig = await createRig();
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'write' && nth > 2 ? { kind: 'short', bytes: 0 } : undefined,
  );
  const report = writeAll(rig.path('a.log'), numbered(3000), { fs: faulty.fs });
  expect(report).toMatchObject({ bytes: 200, omittedBytes: 2800, error: { code: 'EIO' } });
  expect(faulty.count('write')).toBe(3);
});

test('a log in a folder that does not exist is reported', async () => {
  await using rig = await createRig();
  const report = writeAll(rig.path('missing/a.log'), numbered(10));
  expect(report).toMatchObject({ bytes: 0, omittedBytes: 10, error: { code: 'ENOENT' } });
});

interface WriteOptions {
  readonly maxBytes?: number;
  readonly fs?: FileSystem;
}

function writeAll(path: string, whole: Buffer, options: WriteOptions = {}) {
  const log = new OutputLog(path, options.maxBytes ?? maxBytes, options.fs ?? nodeFileSystem);
  for (let at = 0; at < whole.length; at += 100) log.write(whole.subarray(at, at + 100));
  return log.finish();
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Text in which every place is different, so that a lost or repeated byte shows. */
function numbered(length: number): Buffer {
  const lines = Array.from({ length: Math.ceil(length / 8) }, (_, index) =>
    `${index}\n`.padStart(8, '.'),
  );
  return Buffer.from(lines.join('').slice(0, length));
}

/** How often the log makes a call while it takes 3000 bytes without any fault. */
async function countCalls(operation: string): Promise<number> {
  await using rig = await createRig();
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  writeAll(rig.path('a.log'), numbered(3000), { fs: faulty.fs });
  expect(faulty.count(operation)).toBeGreaterThan(0);
  return faulty.count(operation);
}

function failing(operation: string, nth: number, fault: Fault): FileSystem {
  const hits = (call: { operation: string; nth: number }): boolean =>
    call.operation === operation && call.nth === nth;
  return faultyFileSystem(nodeFileSystem, (call) => (hits(call) ? fault : undefined)).fs;
}
