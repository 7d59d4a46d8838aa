import { resolve } from 'node:path';

import { resolveInside } from '@codex-orchestrator/core';
import type { RunLayout } from '@codex-orchestrator/manifest';

/**
 * Finds the files that a record names. A record can be made up: what it names lies below the folder of
 * all runs, or is refused.
 */
export function logPathResolver(
  layout: Pick<RunLayout, 'root' | 'runsDir'>,
): (recorded: string) => string {
  const { root, runsDir } = layout;
  return (recorded) => resolveInside(runsDir, resolve(root, recorded));
}
