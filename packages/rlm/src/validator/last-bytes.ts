/** The last bytes of whatever is added, in a ring that is made with the first of them. */
export class LastBytes {
  readonly #maxBytes: number;
  #ring: Buffer | undefined;
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether more was added than it holds. */
  get isCut(): boolean {
    return this.#totalBytes > this.#maxBytes;
  }

  add(bytes: Buffer): void {
    this.#totalBytes += bytes.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#maxBytes));
    if (kept.length === 0) return;
    this.#ring ??= Buffer.allocUnsafeSlow(this.#maxBytes);
    const copied = kept.copy(this.#ring, (this.#totalBytes - kept.length) % this.#maxBytes);
    kept.copy(this.#ring, 0, copied);
  }

  /** In the order in which they were added. */
  bytes(): Buffer {
    if (this.#ring === undefined) return Buffer.alloc(0);
    if (!this.isCut) return this.#ring.subarray(0, this.#totalBytes);
    const oldest = this.#totalBytes % this.#maxBytes;
    return Buffer.concat([this.#ring.subarray(oldest), this.#ring.subarray(0, oldest)]);
  }
}
