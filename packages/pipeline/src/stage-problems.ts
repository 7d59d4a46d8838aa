import { isAbsolute } from 'node:path';

import type { LoopStageConfig } from './config-schema.js';
import type { LocatedStage } from './expand-stages.js';
import { memberPath } from './json-text.js';
import type { Problem, ProblemCode } from './problem.js';

/** What is wrong with one stage by itself beyond what the schema sees. */
export function findStageProblems({ stage, path }: LocatedStage): Problem[] {
  switch (stage.kind) {
    case 'gate':
    case 'subpipeline':
      return [];
    case 'rlm':
      return [
        ...findEscapes(stage.protect, memberPath(path, 'protect'), 'PROTECT_ESCAPES_ROOT'),
        ...findRepeatedValidators(stage, memberPath(path, 'validators')),
      ];
    case 'command':
      return [
        ...(stage.cwd !== undefined && leavesRoot(stage.cwd)
          ? [escape('CWD_ESCAPES_ROOT', memberPath(path, 'cwd'), stage.cwd)]
          : []),
        ...findEscapes(stage.inputs, memberPath(path, 'inputs'), 'INPUTS_ESCAPE_ROOT'),
      ];
  }
}

/** A run has one folder for what a loop leaves, so a pipeline has one loop. */
export function findRepeatedLoops(stages: readonly LocatedStage[]): Problem[] {
  const [first, ...others] = stages.filter(({ stage }) => stage.kind === 'rlm');
  return others.map(({ stage, path, includedAt }) => ({
    code: 'LOOP_REPEATED',
    path: includedAt ?? path,
    message: `a pipeline has one loop, and "${stage.id}" comes after "${first?.stage.id ?? ''}"`,
    fix: 'put it into a pipeline of its own and run that as a subpipeline',
  }));
}

function findEscapes(
  globs: readonly string[] | undefined,
  path: string,
  code: ProblemCode,
): Problem[] {
  return (globs ?? []).flatMap((glob, at) =>
    leavesRoot(glob.replace(/^!/, '')) || isAbsolute(glob)
      ? [escape(code, memberPath(path, at), glob)]
      : [],
  );
}

function escape(code: ProblemCode, path: string, value: string): Problem {
  return { code, path, message: `"${value}" is outside of the repository` };
}

/** Their names are those of their logs, on file systems that do not know upper case too. */
function findRepeatedValidators({ validators = [] }: LoopStageConfig, path: string): Problem[] {
  const taken = new Set<string>();
  const items = typeof validators === 'string' ? [] : validators;
  return items.flatMap((item, at) => {
    if (typeof item === 'string' || !('name' in item)) return [];
    const name = item.name.toLowerCase();
    if (!taken.has(name)) {
      taken.add(name);
      return [];
    }
    return [
      {
        code: 'DUPLICATE_VALIDATOR' as const,
        path: memberPath(memberPath(path, at), 'name'),
        message: `validator name "${item.name}" is used twice`,
        fix: 'rename one of them',
      },
    ];
  });
}

/** Judges the text alone; symlinks are looked at when the stage starts. */
function leavesRoot(path: string): boolean {
  let depth = 0;
  for (const segment of path.split(/[\\/]+/)) {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}
