import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { startGrammar } from '../command-grammar.js';
import { given } from '../given.js';
import { decideInteractivity } from '../interactivity.js';
import { loadPlan } from '../load-plan.js';
import { renderRunAnswer } from '../render/run-answer.js';
import { describeRun } from '../run-answer.js';
import { runRecorded } from '../run-recorded.js';
import type { RecordedRunRequest } from '../run-recorded.js';
import { announceTask } from '../task.js';
import { watchRun } from '../watch-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof startGrammar)['flags'];

/** `start [pipeline]`: runs it to its end, shows it meanwhile, and answers with its verdict. */
export const start: RunCommand<Flags> = async (input, context) => {
  const { io, answer, format } = context;
  const request = prepareRun(input, context);
  const { manifest, cancelledBy } = await runRecorded(request, io);
  const { root } = request.workspace;
  const described = describeRun(manifest, { root, cwd: io.cwd, cancelledBy });
  const verdict = format === 'ndjson' ? { type: 'verdict', ...described } : described;
  answer.give(verdict, () => renderRunAnswer(described));
  return described.exit_code;
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
