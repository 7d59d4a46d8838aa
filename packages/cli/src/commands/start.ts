import type { RunCommand } from '../command.js';
import type { startGrammar } from '../command-grammar.js';
import { startRun } from '../start-run.js';

/** `start [pipeline]`: runs it to its end, shows it meanwhile, and answers with its verdict. */
export const start: RunCommand<(typeof startGrammar)['flags']> = (
  { flags, positionals: [pipelineId] },
  context,
) => startRun({ pipelineId, flags }, context);
