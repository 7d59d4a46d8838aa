import type { RunCommand } from '../../command.js';
import type { evidencePostGrammar } from '../../compare-grammar.js';
import { measurePhase } from './measure-phase.js';

/** `evidence post`: numbers from after a change, in turns with another tree where one is named. */
export const evidencePost: RunCommand<(typeof evidencePostGrammar)['flags']> = (
  { flags },
  context,
) => measurePhase({ phase: 'post', flags, seed: flags.seed ?? 1 }, context);
