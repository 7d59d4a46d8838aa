import type { RunCommand } from '../command.js';
import type { rlmGrammar } from '../rlm-grammar.js';
import { startRun } from '../start-run.js';

/** `rlm "<goal>"`: `start rlm` with the words of the call as its goal. */
export const rlm: RunCommand<(typeof rlmGrammar)['flags']> = ({ flags, positionals }, context) => {
  const words = positionals.join(' ').trim();
  const goal = words === '' ? flags.goal : words;
  return startRun({ pipelineId: 'rlm', flags: { ...flags, goal } }, context);
};
