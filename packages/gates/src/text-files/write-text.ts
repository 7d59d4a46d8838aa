import { dirname } from 'node:path';

import { messageOf, resolveInside, writeFileAtomic } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';

/** Where a text goes: a folder that it must not leave, and a path in it. */
export interface TextPlace {
  /** Absolute. */
  readonly root: string;
  /** Absolute, or relative to the root. */
  readonly path: string;
}

/**
 * Replaces a file as a whole, with the folders above it; a crash leaves the old content or the new.
 *
 * @throws GateError `WRITE_FAILED`
 */
export async function writeText(
  { fs, clock, random }: Pick<GatePorts, 'clock' | 'fs' | 'random'>,
  { root, path }: TextPlace,
  text: string,
): Promise<void> {
  try {
    const target = resolveInside(root, path, { fs });
    fs.mkdir(dirname(target), { recursive: true });
    await writeFileAtomic(target, text, { root, fs, clock, random });
  } catch (cause) {
    const reason = messageOf(cause);
    const message = `Cannot write ${JSON.stringify(path)}: ${reason}`;
    throw new GateError('WRITE_FAILED', message, { cause });
  }
}
