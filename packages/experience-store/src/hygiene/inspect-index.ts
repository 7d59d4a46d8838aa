import { join } from 'node:path';

import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { readIndexHeader } from '../index/read-index.js';
import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';

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
  /** Why it is refused. */
  readonly because?: string;
}

/**
 * @param wholeBytes How much of the log could be covered.
 */
export function inspectIndex(
  layout: ExperienceLayout,
  log: { readonly fd: number; readonly wholeBytes: number } | undefined,
  fs: FileSystem,
): IndexInspection {
  const bytes = sizeOfAll(layout, fs);
  if (!log) return { state: bytes === 0 ? 'none' : 'refused', coveredBytes: 0, bytes };
  const openLog = { fd: log.fd, size: log.wholeBytes };
  const reading = readIndexHeader(layout, openLog, new CountedFiles(fs));
  if (!reading.header) {
    const { because } = reading;
    const state = because === undefined ? 'none' : 'refused';
    return { state, coveredBytes: 0, bytes, ...(because !== undefined && { because }) };
  }
  const coveredBytes = reading.header.covered;
  return { state: coveredBytes < log.wholeBytes ? 'behind' : 'fresh', coveredBytes, bytes };
}

function sizeOfAll(layout: ExperienceLayout, fs: FileSystem): number {
  const names = ifThere(() => fs.readdir(layout.indexDir)) ?? [];
  const paths = [layout.indexPath, ...names.map((name) => join(layout.indexDir, name))];
  return paths.reduce((sum, path) => sum + (ifThere(() => fs.lstat(path).size) ?? 0), 0);
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
