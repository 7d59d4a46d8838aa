import type * as Crypto from 'node:crypto';

/** SHA-256 in hex; text counts as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return crypto().hash('sha256', data, 'hex');
}

/** SHA-256 of what comes in pieces. */
export function createSha256(): Crypto.Hash {
  return crypto().createHash('sha256');
}

let loaded: typeof Crypto | undefined;

/** Loaded on first use: it takes milliseconds, and much of what imports this needs no digest. */
function crypto(): typeof Crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
