import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@codex-orchestrator/core';

import type { Control } from '../results/result.js';

/** For so long a machine is taken to be what it was. */
const freshForMs = 10 * 60 * 1000;

/** Controls that a job before this one took. */
export interface RecentControls {
  readonly takenAtMs: number;
  readonly controls: readonly Control[];
}

/**
 * The controls that passed on this machine within the last ten minutes. The jobs of one change follow each
 * other, and each would otherwise spend longer on controls than on its guards. Undefined where there are
 * none, or what is there cannot be read: they are then taken anew.
 */
export async function readRecentControls(
  root: string,
  nowMs: number,
): Promise<RecentControls | undefined> {
  try {
    const recent = JSON.parse(await readFile(pathIn(root), 'utf8')) as RecentControls;
    const ageMs = nowMs - recent.takenAtMs;
    const isFresh = ageMs >= 0 && ageMs < freshForMs;
    const passed = recent.controls.length > 0 && recent.controls.every((one) => one.passed);
    return isFresh && passed ? recent : undefined;
  } catch {
    return undefined;
  }
}

export async function writeRecentControls(root: string, recent: RecentControls): Promise<void> {
  await writeFileAtomic(pathIn(root), `${JSON.stringify(recent)}\n`);
}

function pathIn(root: string): string {
  return join(root, '.nx', 'bench', 'controls.json');
}
