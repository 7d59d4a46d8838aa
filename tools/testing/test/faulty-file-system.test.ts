import { expect, test } from 'vitest';

import { faultyFileSystem } from '../src/index.js';

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
