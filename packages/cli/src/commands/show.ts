import type { RunCommand } from '../command.js';
import type { showGrammar } from '../follow-grammar.js';
import { exitCodes } from '../exit-codes.js';
import { describeShow } from '../follow/show-answer.js';
import { WatchedRun } from '../follow/watched-run.js';
import { renderShow } from '../render/show.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

/** `show`: a run as a reviewer wants to see it. The exit code says that the question was answered. */
export const show: RunCommand<(typeof showGrammar)['flags']> = async (
  { flags, positionals },
  { io, answer },
) => {
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const view = await new WatchedRun(run, io.clock).look();
  const shown = describeShow(view, run.layout, { root: workspace.root, cwd: io.cwd });
  answer.give(shown, () => renderShow(shown));
  return exitCodes.succeeded.code;
};
