import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

/** What somebody who cancelled a run had to say. */
export interface CancelRequest {
  readonly requested_at: string;
  readonly signal: string;
  readonly reason: string;
}

const fileName = 'cancel-request.json';

/** The journal belongs to the owner, so it goes into a file beside; the seal takes it into the record. */
export async function writeCancelRequest(runDir: string, request: CancelRequest): Promise<void> {
  await writeJsonAtomic(join(runDir, fileName), request);
}

/** Null when nobody said anything, or nothing that can be read. */
export function readCancelRequest(runDir: string): CancelRequest | null {
  try {
    const value = JSON.parse(readFileSync(join(runDir, fileName), 'utf8')) as unknown;
    return isCancelRequest(value) ? value : null;
  } catch {
    return null;
  }
}

function isCancelRequest(value: unknown): value is CancelRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { requested_at, signal, reason } = value as Record<string, unknown>;
  return [requested_at, signal, reason].every((member) => typeof member === 'string');
}
