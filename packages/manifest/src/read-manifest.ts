import { CoreError, messageOf, readJson } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import { parseManifest } from './parse-manifest.js';
import type { ParsedManifest } from './parse-manifest.js';

export interface ReadOptions {
  /** @default the real file system */
  readonly fs?: FileSystem;
}

/**
 * Reads a manifest, whichever version of whichever tool wrote it. A reader sees the record as of some
 * moment, never half of one.
 *
 * @throws ManifestError `MANIFEST_NOT_FOUND`, `MANIFEST_UNREADABLE`, `MANIFEST_DAMAGED` (no JSON, or
 * without the fields that make a record).
 */
export async function readManifest(
  path: string,
  options: ReadOptions = {},
): Promise<ParsedManifest> {
  const parsed = parseManifest(await readValue(path, options));
  if (parsed.ok) return parsed.value;
  const message = `Expected a manifest in "${path}": ${parsed.error}`;
  throw new ManifestError('MANIFEST_DAMAGED', message, { path });
}

async function readValue(path: string, options: ReadOptions): Promise<unknown> {
  try {
    return await readJson(path, options);
  } catch (cause) {
    throw new ManifestError(codeFor(cause), messageOf(cause), { path, cause });
  }
}

function codeFor(error: unknown): ManifestError['code'] {
  if (!(error instanceof CoreError)) return 'MANIFEST_UNREADABLE';
  if (error.code === 'INVALID_JSON') return 'MANIFEST_DAMAGED';
  return error.errno === 'ENOENT' ? 'MANIFEST_NOT_FOUND' : 'MANIFEST_UNREADABLE';
}
