import { formatArguments } from './arguments/format-arguments.js';
import type { FlagValues } from './arguments/flags.js';
import type { CommandContext } from './command.js';
import type { startGrammar } from './command-grammar.js';
import { startDetached } from './detach.js';
import { expectNotes } from './gates/expect-notes.js';
import { giveRunAnswer } from './give-run-answer.js';
import { given } from './given.js';
import { decideInteractivity } from './interactivity.js';
import { loadPlan } from './load-plan.js';
import { decideContainment } from './rlm/contain-loop.js';
import { pickLoopFlags } from './rlm/loop-flags.js';
import type { LoopFlags } from './rlm/loop-flags.js';
import { prepareLoop } from './rlm/prepare-loop.js';
import { parseTags } from './run-facts/run-tags.js';
import { runRecorded } from './run-recorded.js';
import type { RecordedRunRequest } from './run-recorded.js';
import { announceTask, parseParentRun, resolveTask } from './task.js';
import { watchRun } from './watch-run.js';
import { findWorkspace } from './workspace.js';

export type StartFlags = Partial<FlagValues<(typeof startGrammar)['flags']>>;

/** A call that starts a new run of a pipeline, whichever command it was. */
export interface StartRequest {
  /** Undefined means the configuration's own default. */
  readonly pipelineId: string | undefined;
  readonly flags: StartFlags;
}

/** Runs a pipeline to its end, shows it meanwhile, and answers with its verdict. */
export async function startRun(request: StartRequest, context: CommandContext): Promise<number> {
  const prepared = await prepareRun(request, context);
  const { root } = prepared.workspace;
  if (request.flags.detach === true) {
    const argv = argvOfRunner(request, prepared.loopFlags);
    return startDetached({ argv, root }, context);
  }
  const run = await runRecorded(prepared, context.io);
  return giveRunAnswer(run, root, context);
}

/** The same call for the process that runs it; what it tells first is for us. */
function argvOfRunner(
  { flags, pipelineId }: StartRequest,
  loopFlags: LoopFlags | undefined,
): string[] {
  const runnerFlags = { ...flags, ...loopFlags, detach: undefined, format: 'ndjson' };
  return formatArguments('start', runnerFlags, pipelineId === undefined ? [] : [pipelineId]);
}

/** Finds everything that can be wrong with the call, before anything is written. */
async function prepareRun(
  { flags, pipelineId }: StartRequest,
  { io, answer, format }: CommandContext,
): Promise<RecordedRunRequest> {
  const workspace = findWorkspace(io);
  const { root } = workspace;
  const interactivity = decideInteractivity(io, format, flags.interactive);
  const task = { flag: flags.task, env: io.env, root };
  resolveTask(task);
  const { plan } = loadPlan({ workspace, pipelineId, target: flags.target }, io);
  expectNotes(plan, io);
  const taskId = announceTask({ ...task, pipelineId: plan.pipeline.id }, io);
  const parentRunId = flags.parentRun === undefined ? undefined : parseParentRun(flags.parentRun);
  const tags = flags.tag === undefined ? [] : parseTags(flags.tag);
  const isAttended = !interactivity.unattended;
  const loopCall = { plan, root, flags: pickLoopFlags(flags), isAttended };
  const loopFlags = await prepareLoop(loopCall, io);
  const { approvalPolicy, keepGoing, maxParallel } = flags;
  const contain = await decideContainment(flags.contain, plan, io);
  return {
    workspace,
    taskId,
    plan: flags.deadline === undefined ? plan : { ...plan, deadlineMs: flags.deadline },
    observer: watchRun(interactivity, answer, io),
    nonInteractive: interactivity.unattended,
    recoversOthers: true,
    tags,
    loopFlags,
    options: given({ approvalPolicy, contain, keepGoing, maxParallel, parentRunId }),
  };
}
