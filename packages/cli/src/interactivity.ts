import { readForeignBoolean, readNonInteractive, readPresence } from '@codex-orchestrator/core';

import type { Format } from './command.js';
import type { Io, OutputStream } from './io.js';

/** How to talk to whoever watches, and whether anybody could answer a question. */
export interface Interactivity {
  /** `live`: one line that is redrawn; `plain`: a line per fact; `none`: nothing. */
  readonly progress: 'live' | 'plain' | 'none';
  readonly colors: boolean;
  /** Whether stages are told that nobody answers. */
  readonly unattended: boolean;
}

/**
 * @param wanted `--interactive` or `--no-interactive`, when one was given. It wins over what the
 * environment says, but no flag makes a terminal of a pipe.
 * @throws CoreError `INVALID_ENVIRONMENT`
 */
export function decideInteractivity(
  {
    env,
    stderr,
    stdin,
  }: Pick<Io, 'env' | 'stderr'> & { readonly stdin: Pick<Io['stdin'], 'isTTY'> },
  format: Format,
  wanted?: boolean,
): Interactivity {
  const declined = wanted === undefined ? readNonInteractive(env) : !wanted;
  const drawable = stderr.isTTY && env['TERM'] !== 'dumb';
  const live = drawable && !declined;
  return {
    progress: format !== 'text' ? 'none' : live ? 'live' : 'plain',
    colors: decideColors(stderr, env),
    unattended: declined || !stdin.isTTY,
  };
}

/** Colours for a stream. NO_COLOR wins over FORCE_COLOR, a terminal decides where neither is set. */
export function decideColors(stream: OutputStream, env: Io['env']): boolean {
  if (readPresence(env, 'NO_COLOR')) return false;
  if (readForeignBoolean(env, 'FORCE_COLOR')) return true;
  return stream.isTTY && env['TERM'] !== 'dumb';
}
