import type * as Crypto from 'node:crypto';

/** SHA-256 in hex; text counts as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return crypto().hash('sha256', data, 'hex');
}

/** SHA-256 of what is too large to hold at once. */
export function createSha256(): Crypto.Hash {
  return crypto().createHash('sha256');
}

/** Loaded on first use: it takes milliseconds, and whoever only plans needs no digest. */
function crypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}
