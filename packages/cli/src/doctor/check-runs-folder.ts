import { mkdtempSync, existsSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { messageOf } from '@codex-orchestrator/core';

import type { Check } from '../doctor-checks.js';

const id = 'runs-folder';

/**
 * Makes and removes a folder where runs go. Permission bits alone do not tell: the disk may be full
 * or mounted read-only.
 */
export function checkRunsFolder(runsDir: string): Check {
  try {
    rmdirSync(mkdtempSync(join(nearestExisting(runsDir), '.doctor-')));
    return { id, status: 'ok', message: `${runsDir} can be written` };
  } catch (error) {
    const reason = messageOf(error);
    return { id, status: 'error', message: `${runsDir} cannot be written: ${reason}` };
  }
}

/** Where the first missing folder of the path would be made. */
function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
