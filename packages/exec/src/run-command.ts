import { OutputCapture } from './output-capture.js';
import { ProblemList } from './problem-list.js';
import type { CommandOutcome, CommandResult, GroupEnd } from './command-result.js';
import { resolveOptions } from './run-options.js';
import type { CommandLine, RunCommandOptions, RunSettings } from './run-options.js';
import { startChild } from './start-child.js';
import { cancelled } from './stop-watch.js';
import { superviseChild } from './supervise-child.js';

/**
 * Runs one command to its end and answers how it ended. Whatever the command does is a value: this
 * rejects only for options that are no options.
 *
 * It cannot hang: every wait has a limit. It cannot flood: memory does not depend on the output. It
 * cannot leak: descriptors, timers and listeners are gone with the answer. It leaves no orphan: when
 * this answers, nothing runs in the command's process group, or `groupEnd` says `survived`.
 *
 * @throws ExecError `INVALID_OPTION`
 * @example
 * const result = await runCommand(['npm', 'test'], { timeoutMs: 600_000, logPath: 'test.log' });
 * if (result.outcome.kind === 'timed-out') console.error(result.stdout.text);
 */
export async function runCommand(
  command: CommandLine,
  options: RunCommandOptions = {},
): Promise<CommandResult> {
  const settings = resolveOptions(command, options);
  const { clock, signal } = settings;
  const startedAtMs = clock.nowMs();
  const startMs = clock.monotonicMs();
  const problems = new ProblemList();
  const ending = signal?.aborted
    ? notStarted(cancelled(signal))
    : await startAndSupervise(command, settings, problems);
  return {
    startedAtMs,
    durationMs: clock.monotonicMs() - startMs,
    ...ending,
    problems: problems.list(),
  };
}

type Ending = Omit<CommandResult, 'startedAtMs' | 'durationMs' | 'problems'>;

async function startAndSupervise(
  command: CommandLine,
  settings: RunSettings,
  problems: ProblemList,
): Promise<Ending> {
  // The log is opened first: a command whose output has no place to go is known before it runs.
  const capture = new OutputCapture(settings, problems);
  const started = await startChild(command, settings);
  if (!started.ok) return { ...notStarted(started.failure), ...capture.finish() };
  const supervised = await superviseChild({ ...started, capture, problems }, settings);
  return { pid: started.pid, ...supervised, ...capture.finish() };
}

function notStarted(outcome: CommandOutcome): Ending {
  const nothing = { text: '', totalBytes: 0, truncated: false };
  const groupEnd: GroupEnd = 'by-itself';
  return { outcome, stdout: nothing, stderr: nothing, drained: true, leftovers: false, groupEnd };
}
