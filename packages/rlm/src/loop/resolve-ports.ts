import { join, relative, sep } from 'node:path';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';

import type { LoopPorts } from './loop-ports.js';
import type { RunProcess } from './ports.js';

/** What a caller has to say of a loop, and what it may. */
export interface RunLoopOptions
  extends Pick<LoopPorts, 'loopDir' | 'root'>, Partial<Omit<LoopPorts, 'loopDir' | 'root'>> {}

/**
 * What a caller leaves out is the system's own: its files, its clock, the environment of this process,
 * commands without a containment. Nothing is recorded but what the loop itself leaves, secrets stay in it,
 * and nobody is told anything. Private files go beside the folder of the loop; both are no part of the work.
 */
export function resolvePorts(given: RunLoopOptions): LoopPorts {
  const { root, loopDir, scratchDir = `${loopDir}.private` } = given;
  return {
    scratchDir,
    worktreeDir: join(scratchDir, 'worktree'),
    branch: 'rlm/result',
    ignoredPaths: [loopDir, scratchDir].flatMap((path) => pathInside(root, path)),
    lessons: [],
    begin: () => undefined,
    iterated: () => Promise.resolve(),
    tell: () => undefined,
    runProcess,
    environment: ownEnvironment(),
    signal: new AbortController().signal,
    redact: (text) => text,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    ...given,
  };
}

/** Nothing is taken out in between: what came is what there is. */
const runProcess: RunProcess = (command, { onOutput, onRawOutput, ...options }) =>
  runCommand(command, {
    ...options,
    onOutput: (output) => {
      onRawOutput?.(output);
      onOutput?.(output);
    },
  });

function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Nothing for a folder that is not below the root. */
function pathInside(root: string, path: string): string[] {
  const found = relative(root, path).split(sep).join('/');
  return found === '' || found.startsWith('..') ? [] : [found];
}
