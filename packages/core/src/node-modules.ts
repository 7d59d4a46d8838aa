import type * as Fs from 'node:fs';
import type * as Os from 'node:os';

/**
 * `node:fs` for code that every program loads. To import it from a module would load all that it can
 * do, streams and promises among it, which takes milliseconds of each start.
 */
export const nodeFs: typeof Fs = process.getBuiltinModule('node:fs');

/** `node:os`, loaded when it is first asked for. */
export function nodeOs(): typeof Os {
  return process.getBuiltinModule('node:os');
}
