import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { startGrammar } from '../command-grammar.js';
import { giveRunAnswer } from '../give-run-answer.js';
import { given } from '../given.js';
import { decideInteractivity } from '../interactivity.js';
import { loadPlan } from '../load-plan.js';
import { runRecorded } from '../run-recorded.js';
import type { RecordedRunRequest } from '../run-recorded.js';
import { announceTask } from '../task.js';
import { watchRun } from '../watch-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof startGrammar)['flags'];

/** `start [pipeline]`: runs it to its end, shows it meanwhile, and answers with its verdict. */
export const start: RunCommand<Flags> = async (input, context) => {
  const request = prepareRun(input, context);
  const run = await runRecorded(request, context.io);
  return giveRunAnswer(run, request.workspace.root, context);
};

/** Finds everything that can be wrong with the call, before anything is written. */
function prepareRun(
  { flags, positionals: [pipelineId] }: CommandInput<Flags>,
  { io, answer, format }: CommandContext,
): RecordedRunRequest {
  const workspace = findWorkspace(io);
  const interactivity = decideInteractivity(io, format, flags.interactive);
  const taskId = announceTask({ flag: flags.task, env: io.env, root: workspace.root }, io);
  const { plan } = loadPlan({ workspace, pipelineId, target: flags.target }, io);
  const { approvalPolicy, keepGoing, maxParallel, parentRun: parentRunId } = flags;
  return {
    workspace,
    taskId,
    plan: flags.deadline === undefined ? plan : { ...plan, deadlineMs: flags.deadline },
    observer: watchRun(interactivity, answer, io),
    nonInteractive: interactivity.unattended,
    options: given({ approvalPolicy, keepGoing, maxParallel, parentRunId }),
  };
}
