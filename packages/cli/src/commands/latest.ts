import type { RunCommand } from '../command.js';
import type { latestGrammar } from '../follow-grammar.js';
import { exitCodes } from '../exit-codes.js';
import { viewRun } from '../run-view.js';
import { searchRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

/** `latest`: the newest run in one line that a shell can take apart. */
export const latest: RunCommand<(typeof latestGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const workspace = findWorkspace(io);
  const run = await searchRun({ wanted: 'latest', task: flags.task, workspace }, io);
  const { manifest, status } = await viewRun(run, io.clock);
  const { run_id, task_id, artifact_root } = manifest;
  const path = `${artifact_root}/manifest.json`;
  answer.give({ run_id, status, manifest: path, task_id }, () => [`${run_id} ${status} ${path}`]);
  return exitCodes.succeeded.code;
};
