import { formatArguments } from '../arguments/format-arguments.js';
import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { startGrammar } from '../command-grammar.js';
import { startDetached } from '../detach.js';
import { giveRunAnswer } from '../give-run-answer.js';
import { given } from '../given.js';
import { decideInteractivity } from '../interactivity.js';
import { loadPlan } from '../load-plan.js';
import { parseTags } from '../run-facts/run-tags.js';
import { runRecorded } from '../run-recorded.js';
import type { RecordedRunRequest } from '../run-recorded.js';
import { announceTask, parseParentRun } from '../task.js';
import { watchRun } from '../watch-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof startGrammar)['flags'];

/** `start [pipeline]`: runs it to its end, shows it meanwhile, and answers with its verdict. */
export const start: RunCommand<Flags> = async (input, context) => {
  const request = prepareRun(input, context);
  const { root } = request.workspace;
  if (input.flags.detach === true) {
    return startDetached({ argv: argvOfRunner(input), root }, context);
  }
  const run = await runRecorded(request, context.io);
  return giveRunAnswer(run, root, context);
};

/** The same call for the process that runs it; what it tells first is for us. */
function argvOfRunner({ flags, positionals }: CommandInput<Flags>): string[] {
  return formatArguments('start', { ...flags, detach: undefined, format: 'ndjson' }, positionals);
}

/** Finds everything that can be wrong with the call, before anything is written. */
function prepareRun(
  { flags, positionals: [pipelineId] }: CommandInput<Flags>,
  { io, answer, format }: CommandContext,
): RecordedRunRequest {
  const workspace = findWorkspace(io);
  const interactivity = decideInteractivity(io, format, flags.interactive);
  const taskId = announceTask({ flag: flags.task, env: io.env, root: workspace.root }, io);
  const { plan } = loadPlan({ workspace, pipelineId, target: flags.target }, io);
  const { approvalPolicy, contain, keepGoing, maxParallel } = flags;
  const parentRunId = flags.parentRun === undefined ? undefined : parseParentRun(flags.parentRun);
  return {
    workspace,
    taskId,
    plan: flags.deadline === undefined ? plan : { ...plan, deadlineMs: flags.deadline },
    observer: watchRun(interactivity, answer, io),
    nonInteractive: interactivity.unattended,
    recoversOthers: true,
    tags: flags.tag === undefined ? [] : parseTags(flags.tag),
    options: given({ approvalPolicy, contain, keepGoing, maxParallel, parentRunId }),
  };
}
