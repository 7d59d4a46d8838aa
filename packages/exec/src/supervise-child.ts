import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

import { readProcessStat } from '@codex-orchestrator/core';

import { ChildStreams } from './child-streams.js';
import type { CommandOutcome, CommandResult } from './command-result.js';
import { becomesEmpty, endGroup } from './end-group.js';
import type { OutputCapture } from './output-capture.js';
import type { ProblemList } from './problem-list.js';
import { processGroup } from './process-group.js';
import type { RunSettings } from './run-options.js';
import { watchForStop } from './stop-watch.js';
import { within } from './wait.js';

export interface RunningChild {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly capture: OutputCapture;
  readonly problems: ProblemList;
}

export type SupervisedEnd = Pick<CommandResult, 'outcome' | 'drained' | 'leftovers' | 'groupEnd'>;

type GroupReport = Omit<SupervisedEnd, 'outcome'>;

/** Follows a running child until nothing of it is left. Settles in bounded time after its end. */
export async function superviseChild(
  running: RunningChild,
  settings: RunSettings,
): Promise<SupervisedEnd> {
  const { child, pid, capture, problems } = running;
  settings.guard?.watch(pid);
  const leaderEnd = exitOf(child);
  using stop = watchForStop(settings);
  const streams = new ChildStreams(child, { capture, problems, onBytes: stop.noteOutput });
  if (settings.stdin !== undefined) streams.feed(settings.stdin);
  announce(running, settings);

  const outcome = await Promise.race([leaderEnd, stop.cause]);
  const hasEnded = outcome.kind === 'exited' || outcome.kind === 'signalled';
  const ends = { streams, leaderEnd };
  const report = await (hasEnded ? settle : end)(running, ends, settings);
  const drained = report.drained || (await streams.abandon());
  if (report.groupEnd !== 'survived') settings.guard?.release(pid);
  return { outcome, ...report, drained };
}

interface ChildEnds {
  readonly streams: ChildStreams;
  readonly leaderEnd: Promise<unknown>;
}

/** The leader ended by itself: what it left behind may finish for a while and is then ended. */
async function settle(
  running: RunningChild,
  ends: ChildEnds,
  settings: RunSettings,
): Promise<GroupReport> {
  const { clock, drainMs } = settings;
  const deadlineMs = clock.monotonicMs() + drainMs;
  const drained = await within(clock, drainMs, ends.streams.closed);
  if (await becomesEmpty(processGroup(running.pid), deadlineMs, clock)) {
    return { drained, leftovers: false, groupEnd: 'by-itself' };
  }
  return { ...(await end(running, ends, settings)), leftovers: true };
}

/** Ends the group, after which the streams close unless somebody outside of it has them. */
async function end(
  { pid }: RunningChild,
  { streams, leaderEnd }: ChildEnds,
  { clock, graceMs, drainMs }: RunSettings,
): Promise<GroupReport> {
  const groupEnd = await endGroup(processGroup(pid), { clock, graceMs, leaderEnd });
  const drained = await within(clock, drainMs, streams.closed);
  return { drained, leftovers: false, groupEnd };
}

function exitOf(child: ChildProcess): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => {
      if (signal === null) resolve({ kind: 'exited', exitCode: Number(exitCode) });
      else resolve({ kind: 'signalled', signal, exitCode: 128 + constants.signals[signal] });
    });
  });
}

function announce({ pid, problems }: RunningChild, { onStarted }: RunSettings): void {
  if (onStarted === undefined) return;
  // One that has ended already is still there: nobody reaps it before the next turn of the event loop.
  const startedAt = readProcessStat(pid)?.startedAt ?? null;
  problems.guard('onStarted', () => {
    onStarted({ pid, processGroup: pid, startedAt });
  });
}
