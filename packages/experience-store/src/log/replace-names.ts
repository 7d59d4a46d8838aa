import { basename, dirname, join } from 'node:path';

import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';

/** The second name of a log that is being replaced. */
export interface ReplacedName {
  readonly path: string;
  /** How much of it, from the beginning, the new log stands for. */
  readonly copiedBytes: number;
}

export function replacedNameOf(layout: ExperienceLayout, copiedBytes: number): ReplacedName {
  return { path: `${layout.logPath}.old-${copiedBytes}`, copiedBytes };
}

/** What replacements that were cut short left; usually nothing, and one folder is listed for it. */
export function replacedNames(layout: ExperienceLayout, fs: FileSystem): ReplacedName[] {
  const prefix = `${basename(layout.logPath)}.old-`;
  return namesIn(layout.taskOutDir, fs)
    .filter((name) => name.startsWith(prefix) && /^\d{1,15}$/.test(name.slice(prefix.length)))
    .map((name) => replacedNameOf(layout, Number(name.slice(prefix.length))))
    .sort((a, b) => a.copiedBytes - b.copiedBytes);
}

/** As core names its temporary files, whose leftovers `sweepTempFiles` knows. */
export function newLogPath(layout: ExperienceLayout, random: RandomSource): string {
  const unique = Buffer.from(random.bytes(8)).toString('hex');
  const name = `.${basename(layout.logPath)}.${process.pid}-${unique}.atomic-tmp`;
  return join(dirname(layout.logPath), name);
}

function namesIn(folder: string, fs: FileSystem): string[] {
  try {
    return fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
