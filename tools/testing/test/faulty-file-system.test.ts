import { expect, test } from 'vitest';

import { faultyFileSystem, singleFaults } from '../src/index.js';

function recordingFileSystem() {
  const written: Uint8Array[] = [];
  return {
    written,
    write(_fd: number, view: Uint8Array): number {
      written.push(view);
      return view.byteLength;
    },
  };
}

test('a planned error replaces exactly the call that was named', () => {
  const real = recordingFileSystem();
  const faulty = faultyFileSystem(real, ({ operation, nth }) =>
    operation === 'write' && nth === 2 ? { kind: 'error', code: 'ENOSPC' } : undefined,
  );
  expect(faulty.fs.write(1, Buffer.from('abc'))).toBe(3);
  expect(() => faulty.fs.write(1, Buffer.from('def'))).toThrow(
    expect.objectContaining({ code: 'ENOSPC' }) as Error,
  );
  expect(real.written).toHaveLength(1);
  expect(faulty.count('write')).toBe(2);
});

test('a short write writes a part and says how much', () => {
  const real = recordingFileSystem();
  const faulty = faultyFileSystem(real, () => ({ kind: 'short', bytes: 2 }));
  expect(faulty.fs.write(1, Buffer.from('abc'))).toBe(2);
  expect(Buffer.concat(real.written).toString()).toBe('ab');
});

test('an error after the fact leaves the deed done', () => {
  const real = recordingFileSystem();
  const faulty = faultyFileSystem(real, () => ({ kind: 'error', code: 'EIO', after: true }));
  expect(() => faulty.fs.write(1, Buffer.from('abc'))).toThrow('EIO');
  expect(real.written).toHaveLength(1);
});

test('a close that fails has closed, and what was never closed is known', () => {
  const closed: number[] = [];
  const real = { open: () => 7 + closed.length, close: (fd: number) => closed.push(fd) };
  const faulty = faultyFileSystem(real, ({ operation }) =>
    operation === 'close' ? { kind: 'error', code: 'EIO' } : undefined,
  );
  expect(faulty.fs.open()).toBe(7);
  expect(() => faulty.fs.close(7)).toThrow('EIO');
  faulty.fs.open();
  expect(closed).toEqual([7]);
  expect(faulty.unclosed()).toEqual([8]);
});

test('the single faults of a run cover each call in each way', () => {
  const real = recordingFileSystem();
  const clean = faultyFileSystem(real, () => undefined);
  clean.fs.write(1, Buffer.from('abcd'));
  clean.fs.write(1, Buffer.from('e'));
  const faults = singleFaults(clean.calls);
  expect(faults.map((fault) => fault.title)).toEqual([
    'write #1 fails with EIO',
    'write #1 is done but says EIO',
    'write #1 moves 0 bytes',
    'write #1 moves 1 bytes',
    'write #1 moves 2 bytes',
    'write #1 moves 3 bytes',
    'write #2 fails with EIO',
    'write #2 is done but says EIO',
    'write #2 moves 0 bytes',
  ]);
  const second = faults.at(-1);
  const faulty = faultyFileSystem(real, (call) => second?.plan(call));
  expect(faulty.fs.write(1, Buffer.from('abcd'))).toBe(4);
  expect(faulty.fs.write(1, Buffer.from('e'))).toBe(0);
});
