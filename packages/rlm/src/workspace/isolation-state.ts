import { join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import type { WorldPorts } from '../loop/ports.js';
import { readIfThere } from './file-tree.js';
import { isObjectId } from './find-repository.js';

/** What an isolated loop has to know of itself after its process was killed. */
export interface IsolationState {
  /** The worktree that was made for it, absolute. */
  readonly worktree: string;
  /** What the repository's HEAD was when the loop began. */
  readonly startCommit: string;
  /** The branch that has, or will have, the result. */
  readonly branch: string;
  /** Commits that the loop itself put on the branch or was about to, oldest first. */
  readonly kept: readonly string[];
}

const fileName = 'isolation.json';

export function readIsolationState(
  scratchDir: string,
  { fs }: Pick<WorldPorts, 'fs'>,
): IsolationState | undefined {
  const text = readIfThere(fs, join(scratchDir, fileName))?.toString('utf8');
  try {
    return text === undefined ? undefined : asState(JSON.parse(text));
  } catch {
    // Damaged: what follows looks at the repository itself.
    return undefined;
  }
}

export async function writeIsolationState(
  scratchDir: string,
  state: IsolationState,
  { fs, random }: Pick<WorldPorts, 'fs' | 'random'>,
): Promise<void> {
  await writeJsonAtomic(join(scratchDir, fileName), state, { fs, random });
}

function asState(value: unknown): IsolationState | undefined {
  const { worktree, startCommit, branch, kept } = value as Partial<Record<string, unknown>>;
  if (typeof worktree !== 'string' || typeof branch !== 'string') return undefined;
  if (typeof startCommit !== 'string' || !isObjectId(startCommit)) return undefined;
  const commits = Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  return { worktree, startCommit, branch, kept: commits };
}
