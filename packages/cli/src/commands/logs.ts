import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { FoundRun } from '@codex-orchestrator/manifest';

import { listenForCancellation } from '../cancellation.js';
import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { logsGrammar } from '../follow-grammar.js';
import { usageError } from '../errors.js';
import { exitCodeOfStatus, exitCodes } from '../exit-codes.js';
import { findLogs, logNotFound } from '../follow/find-logs.js';
import type { StageLog } from '../follow/find-logs.js';
import { followLogs } from '../follow/follow-logs.js';
import { offsetOfLastLines, printLog, readLogEnd } from '../follow/read-log.js';
import { WatchedRun } from '../follow/watched-run.js';
import { createLogPrinter, renderLogHeader } from '../render/logs.js';
import type { RunView } from '../run-view.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';
import type { Workspace } from '../workspace.js';

type Flags = (typeof logsGrammar)['flags'];
type Input = CommandInput<Flags>;

/** Most of a log that goes into a JSON answer, which has to fit into memory at both ends. */
const maxJsonBytes = 64 * 1024;

/** One log in `logs --format json`. */
export interface LogAnswer {
  readonly run_id: string;
  readonly stage: string;
  readonly index: number;
  readonly attempt: number;
  readonly status: string;
  readonly path: string;
  /** Size of the whole log. */
  readonly bytes: number;
  /** Its end. */
  readonly text: string;
  readonly is_cut: boolean;
}

/** `logs`: what a stage printed, byte for byte, or what it prints with `--follow`. */
export const logs: RunCommand<Flags> = async (input, context) => {
  const { flags, positionals } = input;
  const { io, format } = context;
  refuseContradictions(input);
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const view = await new WatchedRun(run, io.clock).look();
  if (flags.follow === true && !isFinalStatus(view.status)) {
    const exitCode = await follow(run, input, context);
    if (exitCode !== undefined || format === 'text') return exitCode ?? exitCodes.succeeded.code;
  }
  const found = await findWanted({ run, workspace, view }, input, context);
  if (format === 'text') await printLogs(found, input, context);
  else giveLogs(found, view, { input, context });
  return exitCodes.succeeded.code;
};

function refuseContradictions({ flags }: Input): void {
  const { failed, stage, follow: follows, attempt } = flags;
  if (failed === true && stage !== undefined) throw usageError('Expected `--failed` or `--stage`');
  if (failed === true && follows === true) {
    throw usageError('`--failed` is about stages that are over: it does not go with `--follow`');
  }
  if (attempt !== undefined && (failed === true || follows === true)) {
    throw usageError(
      '`--attempt` is about one stage: it does not go with `--failed` or `--follow`',
    );
  }
}

interface Subject {
  readonly run: FoundRun;
  readonly workspace: Workspace;
  readonly view: RunView;
}

async function findWanted(
  { run, workspace }: Subject,
  { flags }: Input,
  { io }: CommandContext,
): Promise<StageLog[]> {
  const { stage, attempt, failed = false } = flags;
  const found = await findLogs({ run, workspace, stage, attempt, failed }, io);
  if (found.length === 0) {
    io.stderr.write(`codex-orchestrator: no stage of the run ${run.layout.runId} failed\n`);
  }
  return found;
}

/** Headers go to stderr: stdout is the logs and nothing else. */
async function printLogs(
  found: readonly StageLog[],
  { flags }: Input,
  { io }: CommandContext,
): Promise<void> {
  const printer = createLogPrinter(io.stdout);
  for (const log of found) {
    const { stage, path, absolutePath } = log;
    if (flags.failed === true) io.stderr.write(renderLogHeader(stage.id, path));
    const offset = offsetIn(absolutePath, flags.lines);
    if (!(await printLog(absolutePath, offset, printer))) throw missingLog(log);
  }
}

function offsetIn(path: string, lines: number | undefined): number {
  return lines === undefined ? 0 : offsetOfLastLines(path, lines);
}

function missingLog({ stage, path, absolutePath }: StageLog): Error {
  return logNotFound(`The log of the stage \`${stage.id}\` is not there: ${path}`, absolutePath);
}

interface Call {
  readonly input: Input;
  readonly context: CommandContext;
}

function giveLogs(found: readonly StageLog[], view: RunView, { input, context }: Call): void {
  const described = found.map((log) => describeLog(log, input));
  const { manifest, status } = view;
  context.answer.give({ run_id: manifest.run_id, status, logs: described }, () => []);
}

function describeLog(log: StageLog, { flags }: Input): LogAnswer {
  const { runId, stage, attempt, path, absolutePath } = log;
  const end = readLogEnd(absolutePath, offsetIn(absolutePath, flags.lines), maxJsonBytes);
  if (end === undefined) throw missingLog(log);
  return {
    run_id: runId,
    stage: stage.id,
    index: stage.index,
    attempt,
    status: stage.status,
    path,
    bytes: end.bytes,
    text: end.text,
    is_cut: end.isCut,
  };
}

/** Returns an exit code when a signal ended the following. */
async function follow(
  run: FoundRun,
  { flags }: Input,
  { io, format }: CommandContext,
): Promise<number | undefined> {
  using cancellation = listenForCancellation(io);
  const { stage, lines } = flags;
  const isOver = await followLogs(
    { run, stage, firstOffset: (path) => offsetIn(path, lines), isSilent: format !== 'text' },
    { io, signal: cancellation.signal },
  );
  return isOver ? undefined : exitCodeOfStatus('cancelled', cancellation.cancelledBy);
}
