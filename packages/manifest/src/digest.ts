import type * as Crypto from 'node:crypto';

/** SHA-256 in hex; text counts as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return crypto().hash('sha256', data, 'hex');
}

/** SHA-256 of what is too large to hold at once. */
export function createSha256(): Crypto.Hash {
  return crypto().createHash('sha256');
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function timingSafeEqual(a: string, b: string): boolean {
  // Digests have one length, whatever the texts have.
  const digest = (text: string): Buffer => createSha256().update(text).digest();
  return crypto().timingSafeEqual(digest(a), digest(b));
}

let loaded: typeof Crypto | undefined;

/** Loaded on first use: it takes milliseconds, and programs that only list runs need no digest. */
export function crypto(): typeof Crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
