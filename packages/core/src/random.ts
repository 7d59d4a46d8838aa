import { nodeFs } from './node-modules.js';

/** Randomness as a port. */
export interface RandomSource {
  /** That many unpredictable bytes, which are the caller's own. */
  bytes(count: number): Uint8Array;
}

/** Asking the system costs the same for sixteen bytes as for this many. */
const POOL_BYTES = 1024;
let pool: Uint8Array = Buffer.alloc(0);
let used = 0;

/** The operating system's randomness, fetched ahead in small portions. */
export const systemRandom: RandomSource = {
  bytes(count) {
    if (used + count > pool.byteLength) {
      // A new buffer: slices of the old one are in callers' hands.
      pool = fillRandomly(Buffer.allocUnsafeSlow(Math.max(count, POOL_BYTES)));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  },
};

/**
 * From the kernel's own device where there is one, see random(4): the same generator that
 * `node:crypto` asks, without the 9 ms of CPU that loading that module costs every start of a program.
 */
function fillRandomly(buffer: Buffer): Uint8Array {
  try {
    return fillFromDevice(buffer);
  } catch {
    // Windows, or a container without devices.
    return process.getBuiltinModule('node:crypto').randomFillSync(buffer);
  }
}

function fillFromDevice(buffer: Buffer): Uint8Array {
  const fd = nodeFs.openSync('/dev/urandom', 'r');
  try {
    for (let filled = 0; filled < buffer.byteLength;) {
      const count = nodeFs.readSync(fd, buffer, filled, buffer.byteLength - filled, null);
      // Whatever bears this name and ends is no device.
      if (count === 0) throw new Error('/dev/urandom ended');
      filled += count;
    }
    return buffer;
  } finally {
    nodeFs.closeSync(fd);
  }
}
