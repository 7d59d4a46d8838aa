import { sleep } from '@codex-orchestrator/core';
import { isFinalStatus } from '@codex-orchestrator/manifest';

import { listenForCancellation } from '../cancellation.js';
import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { statusGrammar } from '../command-grammar.js';
import { exitCodeOfStatus, exitCodes } from '../exit-codes.js';
import { renderStatus } from '../render/status.js';
import { describeStatus } from '../status-answer.js';
import type { StatusAnswer } from '../status-answer.js';
import { viewRun } from '../run-view.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof statusGrammar)['flags'];

const defaultIntervalSeconds = 10;

/**
 * `status`: what a run did, or does. The exit code says that the question was answered, not how the
 * run went. With `--watch` it asks again until the run is over, interrupted included.
 */
export const status: RunCommand<Flags> = async (input, context) => {
  const look = createLook(input, context);
  const first = await look();
  if (input.flags.watch !== true || isFinalStatus(first.status)) return give(first, context);
  const intervalSeconds = input.flags.interval ?? defaultIntervalSeconds;
  return watch(first, { look, intervalMs: intervalSeconds * 1000 }, context);
};

type Look = () => Promise<StatusAnswer>;

/** The run is searched once; every further look reads that very run. */
function createLook({ flags, positionals }: CommandInput<Flags>, { io }: CommandContext): Look {
  const workspace = findWorkspace(io);
  let wanted = wantedRun(flags.run, positionals[0]);
  return async () => {
    const run = await searchRun({ wanted, task: flags.task, workspace }, io);
    wanted = run.manifest.run_id;
    const view = await viewRun(run, io.clock);
    return describeStatus(view, { root: workspace.root, cwd: io.cwd });
  };
}

interface Watch {
  readonly look: Look;
  readonly intervalMs: number;
}

async function watch(
  first: StatusAnswer,
  { look, intervalMs }: Watch,
  context: CommandContext,
): Promise<number> {
  using cancellation = listenForCancellation(context.io);
  let latest = first;
  show(latest, context);
  while (!isFinalStatus(latest.status)) {
    const waited = await waitOrCancel(context, intervalMs, cancellation.signal);
    if (!waited) return exitCodeOfStatus('cancelled', cancellation.cancelledBy);
    const next = await look();
    if (!isFinalStatus(next.status)) show(next, context);
    latest = next;
  }
  return give(latest, context);
}

async function waitOrCancel(
  { io }: CommandContext,
  intervalMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await sleep(io.clock, intervalMs, signal);
    return true;
  } catch {
    return false;
  }
}

/** A look that is not the last: an event for programs, a few lines for people. */
function show(answer: StatusAnswer, { answer: out, format, io }: CommandContext): void {
  out.event({ type: 'status', ...answer });
  if (format === 'text') io.stderr.write(`${renderStatus(answer).join('\n')}\n\n`);
}

function give(answer: StatusAnswer, { answer: out, format }: CommandContext): number {
  out.give(format === 'ndjson' ? { type: 'verdict', ...answer } : answer, () =>
    renderStatus(answer),
  );
  return exitCodes.succeeded.code;
}
