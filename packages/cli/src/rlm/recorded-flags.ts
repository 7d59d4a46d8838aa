import { readString } from '@codex-orchestrator/core';
import type { RunOptions } from '@codex-orchestrator/manifest';

import type { Io } from '../io.js';
import { loopFlags } from './loop-flags.js';
import type { LoopFlags } from './loop-flags.js';

type FlagName = keyof typeof loopFlags;

/** What an attempt that goes on with a loop is told again; its limits are in the loop's own record. */
const lasting: readonly FlagName[] = ['goal', 'validator', 'agent', 'roles', 'isolation'];
const names = Object.keys(loopFlags) as FlagName[];

/** The flags of a loop as options of its run, so that a further attempt can begin it anew. */
export function optionsOfFlags(flags: LoopFlags, redact: (text: string) => string): RunOptions {
  const given = names.flatMap((name) => {
    const text = flags[name];
    return text === undefined ? [] : [[optionName(name), redact(text)] as const];
  });
  return Object.fromEntries(given);
}

/**
 * The flags that a run was started with, for a further attempt of it. A variable that is set now counts
 * before them: it is what the one who asks for the attempt can say.
 */
export function flagsOfOptions(
  options: RunOptions,
  mode: 'resume' | 'retry-all' | 'retry-failed',
  env: Io['env'],
): LoopFlags {
  const wanted = mode === 'resume' ? lasting : names;
  const given = wanted.flatMap((name) => {
    const text = options[optionName(name)];
    const isSet = readString(env, optionName(name).toUpperCase(), undefined) !== undefined;
    return typeof text === 'string' && !isSet ? [[name, text] as const] : [];
  });
  return Object.fromEntries(given);
}

/** The same of a run that goes on: they stay what they were. */
export function flagOptionsOf(options: RunOptions): RunOptions {
  const wanted = new Set(names.map(optionName));
  return Object.fromEntries(Object.entries(options).filter(([name]) => wanted.has(name)));
}

/** `maxIterations` → `rlm_max_iterations`; its variable is the same in capitals. */
function optionName(name: FlagName): string {
  return `rlm_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
