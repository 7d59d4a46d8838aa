import { listenForCancellation } from '../cancellation.js';
import type { RunCommand } from '../command.js';
import type { waitGrammar } from '../follow-grammar.js';
import { CliError } from '../errors.js';
import { exitCodeOfStatus } from '../exit-codes.js';
import { awaitEnd } from '../follow/await-end.js';
import { giveEnd } from '../follow/give-end.js';
import { WatchedRun } from '../follow/watched-run.js';
import { findWorkspace } from '../workspace.js';
import { searchRun, wantedRun } from '../wanted-run.js';

/**
 * `wait`: answers as `start` would have, once the run is over. A signal or the timeout ends the
 * waiting and leaves the run alone.
 */
export const wait: RunCommand<(typeof waitGrammar)['flags']> = async (
  { flags, positionals },
  context,
) => {
  const { io } = context;
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  using cancellation = listenForCancellation(io);
  const { signal } = cancellation;
  const options = { clock: io.clock, signal, timeoutMs: flags.timeout };
  const end = await awaitEnd(new WatchedRun(run, io.clock), options);
  switch (end.kind) {
    case 'over':
      return giveEnd(end.view, workspace.root, context);
    case 'timed-out':
      throw waitTimeout(run.manifest.run_id, flags.timeout ?? 0);
    case 'stopped':
      return exitCodeOfStatus('cancelled', cancellation.cancelledBy);
  }
};

function waitTimeout(runId: string, timeoutMs: number): CliError {
  const message = `The run ${runId} is not over after ${timeoutMs} ms; it goes on`;
  const hint = `codex-orchestrator wait --run ${runId}`;
  return new CliError('WAIT_TIMEOUT', message, { hint, details: { run_id: runId } });
}
