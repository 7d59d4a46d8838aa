import { messageOf } from '@codex-orchestrator/core';
import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { FoundRun } from '@codex-orchestrator/manifest';

import { listenForCancellation } from '../cancellation.js';
import type { CommandContext, RunCommand } from '../command.js';
import type { cancelGrammar } from '../follow-grammar.js';
import { CliError } from '../errors.js';
import { exitCodeOfStatus, exitCodes } from '../exit-codes.js';
import type { CancelSignal } from '../exit-codes.js';
import { awaitEnd } from '../follow/await-end.js';
import { writeCancelRequest } from '../follow/cancel-request.js';
import { WatchedRun } from '../follow/watched-run.js';
import type { Io } from '../io.js';
import { renderAgentAnswer } from '../render/agent-answer.js';
import { printable } from '../render/printable.js';
import { renderRunAnswer } from '../render/run-answer.js';
import { describeRun } from '../run-answer.js';
import type { RunAnswer } from '../run-answer.js';
import type { RunView } from '../run-view.js';
import { signalOf } from '../status-answer.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof cancelGrammar)['flags'];

const defaultTimeoutMs = 30_000;

/** What `cancel --format json` prints; `exit_code` is that of the run, not of this call. */
export interface CancelAnswer extends RunAnswer {
  /** Null when the run was over before. */
  readonly sent_signal: CancelSignal | null;
}

/** `cancel`: has the owner of a run end it, and answers when the record is sealed. */
export const cancel: RunCommand<Flags> = async (input, context) => {
  const { io } = context;
  const { flags, positionals } = input;
  const workspace = findWorkspace(io);
  const { root } = workspace;
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const watched = new WatchedRun(run, io.clock);
  const view = await watched.look();
  if (isRecordedEnd(view)) {
    io.stderr.write(`codex-orchestrator: the run ${run.layout.runId} is over already\n`);
    return give(view, null, { root, context });
  }
  const signal = `SIG${flags.signal ?? 'TERM'}` as const;
  const pid = ownerToSignal(view);
  await noteReason(run, { signal, reason: flags.reason }, io);
  io.sendSignal(pid, signal);
  using cancellation = listenForCancellation(io);
  const timeoutMs = flags.timeout ?? defaultTimeoutMs;
  const options = { clock: io.clock, signal: cancellation.signal, timeoutMs };
  const end = await awaitEnd(watched, options);
  if (end.kind === 'stopped') return exitCodeOfStatus('cancelled', cancellation.cancelledBy);
  if (end.kind === 'timed-out') throw notYetOver(view, timeoutMs);
  if (!isRecordedEnd(end.view)) throw interrupted(end.view);
  return give(end.view, signal, { root, context });
};

/** An interrupted run is over too, but nobody has said so in its record. */
function isRecordedEnd({ status, manifest }: RunView): boolean {
  return isFinalStatus(status) && isFinalStatus(manifest.status);
}

/**
 * The process to send a signal to, once it is proven that it is the owner: a process with the same pid
 * in another container, on another host or after a restart is somebody else.
 */
function ownerToSignal(view: RunView): number {
  const { status, statusReason, manifest } = view;
  const { owner, run_id: runId } = manifest;
  if (isFinalStatus(status)) throw interrupted(view);
  if (owner !== null && statusReason === 'owner-alive') return owner.pid;
  const where = owner === null ? 'an unknown process' : `process ${owner.pid} on ${owner.host}`;
  throw new CliError(
    'RUN_ELSEWHERE',
    `The run ${runId} belongs to ${where}, which cannot be told for certain from here`,
    {
      hint: 'Cancel it on the machine, and in the container, in which it was started',
      details: { run_id: runId, owner },
    },
  );
}

/** A run is not kept going because the reason for ending it could not be written. */
async function noteReason(
  { layout }: FoundRun,
  { signal, reason }: { readonly signal: CancelSignal; readonly reason: string | undefined },
  { clock, stderr }: Io,
): Promise<void> {
  if (reason === undefined) return;
  const requested_at = new Date(clock.nowMs()).toISOString();
  try {
    await writeCancelRequest(layout.runDir, { requested_at, signal, reason });
  } catch (error) {
    const message = messageOf(error);
    stderr.write(
      `codex-orchestrator: warning: the reason was not recorded: ${printable(message)}\n`,
    );
  }
}

function notYetOver({ manifest }: RunView, timeoutMs: number): CliError {
  const { run_id: runId } = manifest;
  return new CliError(
    'WAIT_TIMEOUT',
    `The run ${runId} was told to end and is not over after ${timeoutMs} ms`,
    {
      hint: `To kill its stages at once: codex-orchestrator cancel --run ${runId}`,
      details: { run_id: runId },
    },
  );
}

function interrupted({ manifest }: RunView): CliError {
  const { run_id: runId } = manifest;
  return new CliError('RUN_INTERRUPTED', `Nobody runs ${runId} any more: its owner is gone`, {
    hint: `codex-orchestrator recover --run ${runId}`,
    details: { run_id: runId },
  });
}

interface Subject {
  readonly root: string;
  readonly context: CommandContext;
}

function give(
  { manifest, status }: RunView,
  sentSignal: CancelSignal | null,
  { root, context: { answer, format, io } }: Subject,
): number {
  const options = { root, cwd: io.cwd, cancelledBy: signalOf(manifest.status_detail) };
  const described = describeRun({ ...manifest, status }, options);
  const value: CancelAnswer = { ...described, sent_signal: sentSignal };
  answer.give(format === 'ndjson' ? { type: 'verdict', ...value } : value, {
    text: () => renderRunAnswer(described),
    agent: () => renderAgentAnswer(described, options),
  });
  return exitCodes.succeeded.code;
}
