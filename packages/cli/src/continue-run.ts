import { quoteArgv } from '@codex-orchestrator/exec';
import type { FoundRun, Manifest } from '@codex-orchestrator/manifest';
import { PipelineError } from '@codex-orchestrator/pipeline';
import type { Plan } from '@codex-orchestrator/pipeline';

import type { FlagValues } from './arguments/flags.js';
import type { CommandContext } from './command.js';
import type { resumeGrammar } from './repair-grammar.js';
import { CliError } from './errors.js';
import type { CliErrorCode } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { giveRunAnswer } from './give-run-answer.js';
import { given } from './given.js';
import { decideInteractivity } from './interactivity.js';
import { loadPlan } from './load-plan.js';
import { decideContainment } from './rlm/contain-loop.js';
import { flagsOfOptions } from './rlm/recorded-flags.js';
import { runRecorded } from './run-recorded.js';
import type { Continuation, RecordedRun, RecordedRunRequest } from './run-recorded.js';
import { watchRun } from './watch-run.js';
import type { Workspace } from './workspace.js';

/** Flags that a further attempt takes, whichever command asks for it. */
type ContinuingFlags = Pick<
  FlagValues<(typeof resumeGrammar)['flags']>,
  | 'actor'
  | 'allowDrift'
  | 'deadline'
  | 'interactive'
  | 'keepGoing'
  | 'maxParallel'
  | 'reason'
  | 'target'
  | 'token'
>;

export interface ContinueRequest {
  readonly run: FoundRun;
  readonly flags: ContinuingFlags;
  readonly workspace: Workspace;
  readonly mode: NonNullable<Continuation['mode']>;
  /** What is recorded as the reason when no flag gives one. */
  readonly defaultReason: string;
}

/**
 * Runs a further attempt of a run to its end, shows it meanwhile and answers with its verdict, as
 * `start` does.
 *
 * @throws CliError for a run that may not go on, or cannot
 */
export async function continueRun(
  request: ContinueRequest,
  context: CommandContext,
): Promise<number> {
  const attempt = await prepareAttempt(request, context);
  const recorded = await runAttempt(request, attempt, context);
  return giveRunAnswer(recorded, request.workspace.root, context);
}

async function prepareAttempt(
  request: ContinueRequest,
  { io, answer, format }: CommandContext,
): Promise<RecordedRunRequest> {
  const { run, flags, workspace, mode, defaultReason } = request;
  const { layout, manifest } = run;
  const interactivity = decideInteractivity(io, format, flags.interactive);
  const plan = planAgain(request, io);
  const { actor = 'cli', reason = defaultReason, token, allowDrift } = flags;
  const contain = await decideContainment(containedBefore(manifest), plan, io);
  return {
    workspace,
    taskId: layout.taskId,
    plan: flags.deadline === undefined ? plan : { ...plan, deadlineMs: flags.deadline },
    observer: watchRun(interactivity, answer, io),
    nonInteractive: interactivity.unattended,
    options: { ...optionsOf(manifest, flags), ...given({ contain }) },
    startedWith: manifest.options,
    loopFlags: flagsOfOptions(manifest.options, mode, io.env),
    continuation: {
      runId: layout.runId,
      mode,
      actor,
      reason,
      ...given({ token, allowDrift }),
    },
  };
}

/** A flag wins over what the run was started with. */
function optionsOf(
  { options }: Manifest,
  { keepGoing, maxParallel }: ContinuingFlags,
): NonNullable<RecordedRunRequest['options']> {
  const { keep_going: kept, max_parallel: parallel } = options;
  return given({
    keepGoing: keepGoing ?? (kept === true ? true : undefined),
    maxParallel: maxParallel ?? (typeof parallel === 'number' ? parallel : undefined),
  });
}

/** What was decided at the start holds; where nothing was, it is decided now. */
function containedBefore({ options: { contain } }: Manifest): boolean | undefined {
  return typeof contain === 'boolean' ? contain : undefined;
}

/** The pipeline of the run as the configuration has it now. */
function planAgain(
  { run: { manifest }, flags, workspace }: ContinueRequest,
  io: CommandContext['io'],
): Plan {
  if (isSingleCommand(manifest)) throw notPlanned(manifest);
  const { plan } = loadPlan(
    { workspace, pipelineId: manifest.pipeline_id, target: flags.target },
    io,
  );
  const targetId = manifest.plan_target_id;
  const isTargetThere = plan.stages.some(({ id }) => `${plan.pipeline.id}:${id}` === targetId);
  if (flags.target !== undefined || targetId === null || !isTargetThere) return plan;
  return { ...plan, targetId };
}

/** `exec` makes its pipeline up as it goes; no configuration has it. */
function isSingleCommand({ pipeline_id: id, pipeline_title: title }: Manifest): boolean {
  return id === 'exec' && title === 'CLI Exec Command';
}

function notPlanned({ run_id: runId, task_id: taskId, commands }: Manifest): CliError {
  const message = `Run \`${runId}\` is a single command and has no pipeline to go on with`;
  const again = quoteArgv(['codex-orchestrator', 'exec', '--task', taskId, '--']);
  return new CliError('RUN_NOT_PLANNED', message, {
    hint: `${again} ${commands[0]?.command ?? '<command...>'}`,
    exitCode: exitCodes.failed.code,
    details: { run_id: runId },
  });
}

/** Why the engine may refuse a further attempt, and what to do about it. */
const refusals: Partial<Record<string, (runId: string) => string>> = {
  RUN_ALIVE: (runId) => `codex-orchestrator wait --run ${runId}`,
  RUN_BUSY: (runId) => `Try again when the other one is done: codex-orchestrator status ${runId}`,
  RUN_SUCCEEDED: () =>
    'A run that succeeded stays as it is; begin a new one: codex-orchestrator start',
  RESUME_TOKEN_MISMATCH: (runId) =>
    `The token is in the file .resume-token of the run; without --token none is asked for: codex-orchestrator resume --run ${runId}`,
  PLAN_DRIFT: (runId) => `Go on all the same: add --allow-drift, for run ${runId}`,
};

async function runAttempt(
  request: ContinueRequest,
  attempt: RecordedRunRequest,
  { io }: CommandContext,
): Promise<RecordedRun> {
  try {
    return await runRecorded(attempt, io);
  } catch (error) {
    const hint = error instanceof PipelineError ? refusals[error.code] : undefined;
    if (hint === undefined || !(error instanceof PipelineError)) throw error;
    const { runId } = request.run.layout;
    const { drift } = error;
    throw new CliError(error.code as CliErrorCode, describe(error), {
      cause: error,
      hint: hint(runId),
      exitCode: exitCodes.failed.code,
      details: { run_id: runId, ...(drift.length === 0 ? {} : { drift }) },
    });
  }
}

/** The sentences about a changed plan stand one below the other. */
function describe({ message, drift }: PipelineError): string {
  if (drift.length === 0) return message;
  const [fact] = message.split(drift.join(' '));
  return [(fact ?? message).trim(), ...drift.map((sentence) => `  ${sentence}`)].join('\n');
}
