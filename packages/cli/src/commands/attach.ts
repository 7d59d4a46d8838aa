import { listenForCancellation } from '../cancellation.js';
import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { attachGrammar } from '../follow-grammar.js';
import { usageError } from '../errors.js';
import { exitCodeOfStatus } from '../exit-codes.js';
import { followRun } from '../follow/follow-run.js';
import { giveEnd } from '../follow/give-end.js';
import { JournalFollower } from '../follow/journal-follower.js';
import { logPathResolver } from '../follow/log-path.js';
import { OutputFollower } from '../follow/output-follower.js';
import { Pace } from '../follow/pace.js';
import { RunScreen } from '../follow/run-screen.js';
import { StagePeek } from '../follow/stage-peek.js';
import { WatchedRun } from '../follow/watched-run.js';
import { decideInteractivity } from '../interactivity.js';
import type { Interactivity } from '../interactivity.js';
import { createLogPrinter, renderLogHeader } from '../render/logs.js';
import { openProgress } from '../watch-run.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof attachGrammar)['flags'];

/**
 * `attach`: everything that a run has recorded, then everything that it records, then the answer that
 * `start` would have given. A signal ends the watching and leaves the run alone.
 */
export const attach: RunCommand<Flags> = async (input, context) => {
  const { io } = context;
  const { flags, positionals } = input;
  const workspace = findWorkspace(io);
  const interactivity = decideScreen(input, context);
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const journal = new JournalFollower(run.layout.journalPath);
  using cancellation = listenForCancellation(io);
  const followed = {
    run: new WatchedRun(run, io.clock),
    journal,
    pace: new Pace(io.clock, cancellation.signal),
  };
  const end = await withScreen(
    { interactivity, resolvePath: logPathResolver(run.layout), showsOutput: flags.output === true },
    context,
    (screen) => followRun(followed, screen),
  );
  if (end === undefined) return exitCodeOfStatus('cancelled', cancellation.cancelledBy);
  if (journal.unreadableLines > 0) {
    const count = `${journal.unreadableLines} lines of the journal`;
    io.stderr.write(`codex-orchestrator: warning: ${count} cannot be read\n`);
  }
  return giveEnd(end, workspace.root, context);
};

/** A line that is redrawn and output that scrolls would be in each other's way. */
function decideScreen(
  { flags }: CommandInput<Flags>,
  { io, format }: CommandContext,
): Interactivity {
  if (flags.output === true && format !== 'text') {
    throw usageError('`--output` prints text: it does not go with `--format json` or `ndjson`');
  }
  const interactivity = decideInteractivity(io, format, flags.interactive);
  const isLive = interactivity.progress === 'live';
  return flags.output === true && isLive ? { ...interactivity, progress: 'plain' } : interactivity;
}

interface ScreenOptions {
  readonly interactivity: Interactivity;
  readonly resolvePath: (recorded: string) => string;
  readonly showsOutput: boolean;
}

/** The screen is gone, its live line too, before the answer is printed. */
async function withScreen<Result>(
  { interactivity, resolvePath, showsOutput }: ScreenOptions,
  { answer, io }: CommandContext,
  use: (screen: RunScreen) => Promise<Result>,
): Promise<Result> {
  const printer = createLogPrinter(io.stdout);
  const listener = {
    onLog: (stageId: string, path: string) => {
      printer.flush();
      io.stderr.write(renderLogHeader(stageId, path));
    },
    onOutput: (bytes: Buffer) => {
      printer.write(bytes);
    },
  };
  using screen = new RunScreen({
    answer,
    progress: openProgress(interactivity, answer, io),
    peek: new StagePeek(resolvePath),
    output: showsOutput ? new OutputFollower(listener, { resolvePath }) : undefined,
  });
  const result = await use(screen);
  printer.flush();
  return result;
}
