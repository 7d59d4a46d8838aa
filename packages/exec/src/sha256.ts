import type * as Crypto from 'node:crypto';

/**
 * A digest of bytes as they come. `node:crypto` takes milliseconds to load, so that is left to the
 * first bytes: they come from a command that runs by then.
 */
export class Sha256 {
  #hash: Crypto.Hash | undefined;

  update(bytes: Uint8Array): void {
    this.#open().update(bytes);
  }

  /** The digest in hex. Nothing can be added afterwards. */
  finish(): string {
    return this.#open().digest('hex');
  }

  #open(): Crypto.Hash {
    return (this.#hash ??= process.getBuiltinModule('node:crypto').createHash('sha256'));
  }
}
