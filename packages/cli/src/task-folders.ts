import { readdirSync } from 'node:fs';

import { checkIdentifier, parseTaskId } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';

/**
 * The tasks that have a folder in the one for runs or for results, in the order of their names. Files
 * beside them, such as locks, are none; a folder that cannot be listed has none.
 */
export function taskFoldersIn(folder: string): TaskId[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isFile() && checkIdentifier(entry.name).ok)
      .map(({ name }) => parseTaskId(name))
      .sort();
  } catch {
    return [];
  }
}
