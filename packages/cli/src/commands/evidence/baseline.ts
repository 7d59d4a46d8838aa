import type { RunCommand } from '../../command.js';
import type { evidenceBaselineGrammar } from '../../compare-grammar.js';
import { measurePhase } from './measure-phase.js';

/** `evidence baseline`: numbers from before a change, of this tree or of another one. */
export const evidenceBaseline: RunCommand<(typeof evidenceBaselineGrammar)['flags']> = (
  { flags },
  context,
) => measurePhase({ phase: 'baseline', flags, seed: 1 }, context);
