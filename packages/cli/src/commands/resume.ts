import type { RunCommand } from '../command.js';
import type { resumeGrammar } from '../repair-grammar.js';
import { continueRun } from '../continue-run.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

/** `resume [run]`: goes on with a run that ended without success, where it ended. */
export const resume: RunCommand<(typeof resumeGrammar)['flags']> = async (
  { flags, positionals: [positional] },
  context,
) => {
  const { io } = context;
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positional);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const request = {
    run,
    flags,
    workspace,
    mode: 'resume',
    defaultReason: 'manual-resume',
  } as const;
  return continueRun(request, context);
};
