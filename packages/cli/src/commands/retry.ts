import type { RunCommand } from '../command.js';
import type { retryGrammar } from '../repair-grammar.js';
import { continueRun } from '../continue-run.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

/**
 * `retry`: runs a run that has ended again, as a further attempt of it: everything, or with `--failed`
 * what failed or never ran.
 */
export const retry: RunCommand<(typeof retryGrammar)['flags']> = async (
  { flags, positionals: [positional] },
  context,
) => {
  const { io } = context;
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positional);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const mode = flags.failed === true ? 'retry-failed' : 'retry-all';
  return continueRun({ run, flags, workspace, mode, defaultReason: 'manual-retry' }, context);
};
