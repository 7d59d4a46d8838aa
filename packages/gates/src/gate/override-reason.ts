import { readString } from '@codex-orchestrator/core';

import type { GatePorts } from './gate-ports.js';

const maxReasonLength = 500;

/**
 * The reason that a variable gives to let through what a gate finds, as one line of at most 500 characters
 * that can be recorded and shown; null where it gives none.
 */
export function overrideReason(
  { environment }: Pick<GatePorts, 'environment'>,
  variable: string,
): string | null {
  const reason = readString(environment, variable, '');
  const line = reason.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  // Half of a character is none.
  return line === '' ? null : line.slice(0, maxReasonLength).replace(/[\uD800-\uDBFF]$/, '');
}
