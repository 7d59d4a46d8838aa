import type {
  FoundRun,
  Manifest,
  RunEvent,
  StageRecord,
  StageStartedEvent,
} from '@codex-orchestrator/manifest';

import type { Io } from '../io.js';
import { createLogPrinter, renderLogHeader } from '../render/logs.js';
import { chooseStages } from './choose-stages.js';
import { followRun } from './follow-run.js';
import type { RunListener } from './follow-run.js';
import { JournalFollower } from './journal-follower.js';
import type { JournalLine } from './journal-follower.js';
import { latestManifest } from './latest-manifest.js';
import { logPathResolver } from './log-path.js';
import { OutputFollower } from './output-follower.js';
import type { OutputListener } from './output-follower.js';
import { Pace } from './pace.js';
import { readSome } from './run-screen.js';
import { WatchedRun } from './watched-run.js';

export interface FollowedLogs {
  readonly run: FoundRun;
  /** Id or number of the one stage to follow; else from the stage that runs now to the end of the run. */
  readonly stage: string | undefined;
  /** Where in the first log to begin. */
  readonly firstOffset: (path: string) => number;
  /** Waits without printing. */
  readonly isSilent: boolean;
}

/** Prints what stages print until the one asked for or the run is over; false when a signal came first. */
export async function followLogs(
  followed: FollowedLogs,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
): Promise<boolean> {
  const { run, firstOffset } = followed;
  const wanted = await describeWanted(followed);
  const printer = createLogPrinter(io.stdout);
  const listener: OutputListener = {
    onLog(stageId, path) {
      printer.flush();
      if (!followed.isSilent) io.stderr.write(renderLogHeader(stageId, path));
    },
    onOutput(bytes) {
      if (!followed.isSilent) printer.write(bytes);
    },
  };
  const { follows } = wanted;
  const resolvePath = logPathResolver(run.layout);
  using output = new OutputFollower(listener, { resolvePath, follows, firstOffset });
  const parts = {
    run: new WatchedRun(run, io.clock),
    journal: new JournalFollower(run.layout.journalPath),
    pace: new Pace(io.clock, signal),
  };
  const end = await followRun(parts, new LogListener(output, wanted));
  printer.flush();
  return end !== undefined;
}

interface Wanted {
  readonly follows: (stage: StageStartedEvent) => boolean;
  /** Whether the event is the last word about what is wanted. */
  readonly isLast: (event: RunEvent) => boolean;
}

async function describeWanted({ run, stage }: FollowedLogs): Promise<Wanted> {
  const manifest = await latestManifest(run);
  if (stage !== undefined) {
    const [chosen] = chooseStages(manifest, { stage, failed: false });
    const since = chosen?.started_at ?? '';
    const isIt = (event: { readonly id: string; readonly at: string }): boolean =>
      event.id === chosen?.id && event.at >= since;
    return {
      follows: isIt,
      isLast: (event) =>
        (event.type === 'stage.finished' || event.type === 'stage.skipped') && isIt(event),
    };
  }
  const since = startOfNow(manifest);
  return { follows: ({ at }) => at >= since, isLast: () => false };
}

/** When the oldest stage that is running started, else the one that started last. */
function startOfNow({ commands }: Manifest): string {
  const starts = (stages: readonly StageRecord[]): string[] =>
    stages.flatMap(({ started_at: at }) => (at === null ? [] : [at])).sort();
  const running = starts(commands.filter(({ status }) => status === 'running'));
  return running[0] ?? starts(commands).at(-1) ?? '';
}

class LogListener implements RunListener {
  readonly #output: OutputFollower;
  readonly #wanted: Wanted;
  #isOver = false;

  constructor(output: OutputFollower, wanted: Wanted) {
    this.#output = output;
    this.#wanted = wanted;
  }

  get isSatisfied(): boolean {
    return this.#isOver && this.#output.isDrained;
  }

  onLine({ event }: JournalLine): void {
    if (event === undefined) return;
    this.#output.onEvent(event);
    if (this.#wanted.isLast(event)) this.#isOver = true;
  }

  update(): boolean {
    return readSome(this.#output);
  }
}
