import type { FileSystem } from '@codex-orchestrator/core';

import { codeOf } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';

export interface IndexInspection {
  /**
   * `none`: there is none. `refused`: it is damaged, or one of another log; look-ups make it anew.
   * `behind`: some lines at the end are not in it yet.
   */
  readonly state: 'none' | 'fresh' | 'behind' | 'refused';
  /** How much of the log it stands for. */
  readonly coveredBytes: number;
  /** All its files together. */
  readonly bytes: number;
}

export function inspectIndex(layout: ExperienceLayout, fs: FileSystem): IndexInspection {
  const bytes = sizeOf(layout.indexPath, fs);
  return { state: bytes === 0 ? 'none' : 'fresh', coveredBytes: 0, bytes };
}

function sizeOf(path: string, fs: FileSystem): number {
  try {
    return fs.stat(path).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
