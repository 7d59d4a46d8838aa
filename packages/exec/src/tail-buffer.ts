import { StringDecoder } from 'node:string_decoder';

import type { CapturedTail } from './command-result.js';

/** The last bytes of a stream of any length, in a ring that is allocated with the first byte. */
export class TailBuffer {
  readonly #capacity: number;
  #ring: Buffer | undefined;
  #totalBytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(bytes: Buffer): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#capacity));
    this.#totalBytes += bytes.length;
    if (kept.length === 0) return;
    this.#ring ??= Buffer.allocUnsafeSlow(this.#capacity);
    const start = (this.#totalBytes - kept.length) % this.#capacity;
    const copied = kept.copy(this.#ring, start);
    kept.copy(this.#ring, 0, copied);
  }

  capture(): CapturedTail {
    const truncated = this.#totalBytes > this.#capacity;
    const bytes = truncated ? withoutPartialStart(this.#inOrder()) : this.#inOrder();
    // `write` without `end` holds back a character whose last bytes never came.
    const text = new StringDecoder('utf8').write(bytes);
    return { text, totalBytes: this.#totalBytes, truncated };
  }

  #inOrder(): Buffer {
    if (this.#ring === undefined) return Buffer.alloc(0);
    if (this.#totalBytes <= this.#capacity) return this.#ring.subarray(0, this.#totalBytes);
    const oldest = this.#totalBytes % this.#capacity;
    return Buffer.concat([this.#ring.subarray(oldest), this.#ring.subarray(0, oldest)]);
  }
}

/** Drops the rest of a character whose first byte was cut off: at most three continuation bytes. */
function withoutPartialStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
