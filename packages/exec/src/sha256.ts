import type { Hash } from 'node:crypto';

import { createSha256 } from '@codex-orchestrator/core';

/**
 * A digest of bytes as they come. `node:crypto` takes milliseconds to load, so that is left to the
 * first bytes: they come from a command that runs by then.
 */
export class Sha256 {
  #hash: Hash | undefined;

  update(bytes: Uint8Array): void {
    this.#open().update(bytes);
  }

  /** The digest in hex. Nothing can be added afterwards. */
  finish(): string {
    return this.#open().digest('hex');
  }

  #open(): Hash {
    return (this.#hash ??= createSha256());
  }
}
