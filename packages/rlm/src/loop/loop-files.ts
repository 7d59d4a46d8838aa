import { join, relative, sep } from 'node:path';

import type { TurnRole } from '../agent/turn.js';

/** The files of one turn, absolute. */
export interface TurnFiles {
  readonly prompt: string;
  readonly log: string;
  readonly events: string;
}

/** Every path below the folder of a loop, absolute. The one place where they are computed. */
export interface LoopFiles {
  readonly loopDir: string;
  readonly statePath: string;
  readonly findingsPath: string;
  readonly findingsPagePath: string;
  /** What the loop changed, from its start to the content that is kept. */
  readonly resultPatchPath: string;
  /** Private files of the loop, such as an index of its own; no evidence. */
  readonly scratchDir: string;
  iterationDir(n: number): string;
  patchPath(n: number): string;
  iterationFindingsPath(n: number): string;
  turnFiles(n: number, role: TurnRole): TurnFiles;
}

export function createLoopFiles(loopDir: string): LoopFiles {
  const iterationDir = (n: number): string => join(loopDir, 'iterations', String(n));
  return {
    loopDir,
    statePath: join(loopDir, 'state.json'),
    findingsPath: join(loopDir, 'findings.json'),
    findingsPagePath: join(loopDir, 'findings.md'),
    resultPatchPath: join(loopDir, 'result.patch'),
    scratchDir: join(loopDir, '.scratch'),
    iterationDir,
    patchPath: (n) => join(iterationDir(n), 'changes.patch'),
    iterationFindingsPath: (n) => join(iterationDir(n), 'findings.json'),
    turnFiles: (n, role) => {
      const part = role === 'agent' ? '' : `-${role}`;
      const folder = iterationDir(n);
      return {
        prompt: join(folder, `prompt${part}.md`),
        log: join(folder, `agent${part}.log`),
        events: join(folder, `events${part}.ndjson`),
      };
    },
  };
}

/** A path as records of the loop have it: relative to its folder, with `/`. */
export function fromLoop(path: string, { loopDir }: Pick<LoopFiles, 'loopDir'>): string {
  return relative(loopDir, path).split(sep).join('/');
}
