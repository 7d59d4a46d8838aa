import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { writeFileAtomic } from '@codex-orchestrator/core';

export interface WrittenPage {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Puts a page or a document in its place, where another one may have been; missing folders are made.
 *
 * @param root A folder that the file must not leave. @default none
 * @throws CoreError `ATOMIC_WRITE_FAILED`, `PATH_ESCAPES_ROOT`; what making a folder throws
 */
export async function writePage(path: string, text: string, root?: string): Promise<WrittenPage> {
  mkdirSync(dirname(path), { recursive: true });
  const { bytes } = await writeFileAtomic(path, text, root === undefined ? {} : { root });
  return { path, bytes };
}
