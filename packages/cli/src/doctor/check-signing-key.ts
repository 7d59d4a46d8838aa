import { messageOf } from '@codex-orchestrator/core';

import type { Check } from '../doctor-checks.js';
import type { Io } from '../io.js';
import { readSigner, signingKeyVariable } from '../signing.js';

/** A key that is named and cannot be used makes every run impossible. */
export function checkSigningKey(env: Io['env'], root: string): Check {
  const id = 'signing-key';
  try {
    const signer = readSigner(env, root);
    const message = signer === undefined ? 'none: records are not signed' : 'records are signed';
    return { id, status: 'ok', message };
  } catch (error) {
    const message = messageOf(error);
    return { id, status: 'error', message, hint: `Correct or unset ${signingKeyVariable}` };
  }
}
