import type { RunCommandOptions, StartedCommand, runCommand } from '@codex-orchestrator/exec';

import type { CancelSignal } from './exit-codes.js';
import type { Io } from './io.js';

/**
 * How soon a further signal is the same one: npm passes on an interrupt that the terminal has sent
 * to the whole group already, so one Ctrl-C arrives twice.
 */
const echoMs = 500;

type RunCommand = typeof runCommand;

/** Turns signals into the end of a run: the first cancels, a later one kills what is left. */
export interface Cancellation extends Disposable {
  /** Aborted with the name of the first signal as its reason. */
  readonly signal: AbortSignal;
  /** The signal that cancelled, once there was one. */
  readonly cancelledBy: CancelSignal | undefined;
  /** The same function, whose commands a second signal kills. */
  makeKillable(runCommand: RunCommand): RunCommand;
}

/**
 * Listens from now until it is disposed. The first signal aborts: stages get TERM and their grace. A
 * second one kills their process groups at once, after which the run still seals its record.
 */
export function listenForCancellation(io: CancellationIo): Cancellation {
  const controller = new AbortController();
  const groups = new Set<number>();
  let first: { readonly by: CancelSignal; readonly atMs: number } | undefined;
  const stopListening = io.onSignal((signal) => {
    const nowMs = io.clock.monotonicMs();
    if (first === undefined) {
      first = { by: signal, atMs: nowMs };
      controller.abort(signal);
    } else if (nowMs - first.atMs >= echoMs) {
      for (const group of groups) io.killGroup(group);
    }
  });
  return {
    signal: controller.signal,
    get cancelledBy() {
      return first?.by;
    },
    makeKillable: (runCommand) => (command, options) =>
      runWatched(groups, (onStarted) => runCommand(command, { ...options, onStarted }), options),
    [Symbol.dispose]: stopListening,
  };
}

type CancellationIo = Pick<Io, 'onSignal' | 'killGroup' | 'clock'>;

/** A group is forgotten with the end of its command: its number may soon be somebody else's. */
async function runWatched<Result>(
  groups: Set<number>,
  runWith: (onStarted: (started: StartedCommand) => void) => Promise<Result>,
  options: RunCommandOptions = {},
): Promise<Result> {
  let processGroup: number | undefined;
  try {
    return await runWith((started) => {
      ({ processGroup } = started);
      groups.add(processGroup);
      options.onStarted?.(started);
    });
  } finally {
    if (processGroup !== undefined) groups.delete(processGroup);
  }
}
