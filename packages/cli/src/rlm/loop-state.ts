import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { nodeFileSystem, readFile } from '@codex-orchestrator/core';
import type { Manifest } from '@codex-orchestrator/manifest';

/** What is read of the state that a loop keeps for readers. */
export interface LoopState {
  readonly goal: string | undefined;
  readonly maxMinutes: number | undefined;
  /** In order; what they are made of is for the reader to check. */
  readonly iterations: readonly unknown[];
}

const maxStateBytes = 16 * 1024 * 1024;

/** Where the state of a run's loop lies, relative to the root. */
export function loopStatePath({ artifact_root }: Pick<Manifest, 'artifact_root'>): string {
  return `${artifact_root}/rlm/state.json`;
}

/** Empty where there is none that can be read: no verdict rests on it. */
export function readLoopState(run: Pick<Manifest, 'artifact_root'>, root: string): LoopState {
  const { goal, maxMinutes, iterations } = readObject(resolve(root, loopStatePath(run)));
  return {
    goal: typeof goal === 'string' ? goal : undefined,
    maxMinutes: typeof maxMinutes === 'number' ? maxMinutes : undefined,
    iterations: Array.isArray(iterations) ? iterations : [],
  };
}

function readObject(path: string): Readonly<Record<string, unknown>> {
  try {
    // Of anything but a file the reading might never end.
    if (!statSync(path).isFile()) return {};
    const text = readFile(nodeFileSystem, path, maxStateBytes).toString('utf8');
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
