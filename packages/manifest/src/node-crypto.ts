import type * as Crypto from 'node:crypto';

import { createSha256 } from '@codex-orchestrator/core';

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function timingSafeEqual(a: string, b: string): boolean {
  // Digests have one length, whatever the texts have.
  const digest = (text: string): Buffer => createSha256().update(text).digest();
  return crypto().timingSafeEqual(digest(a), digest(b));
}

let loaded: typeof Crypto | undefined;

/** Loaded on first use: it takes milliseconds, and programs that only list runs need none of it. */
export function crypto(): typeof Crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
