import { messageOf, sleep } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { listUnsealedRuns } from '@codex-orchestrator/manifest';
import type { RunObserver } from '@codex-orchestrator/pipeline';

import type { Io } from './io.js';
import { recoverRuns } from './recover-runs.js';
import type { RecoveryPorts } from './recover-runs.js';
import { printable } from './render/printable.js';
import { locationOf } from './wanted-run.js';
import type { Workspace } from './workspace.js';

/** How long the answer of a run waits for the recovery of other runs. */
const patienceMs = 10_000;

export interface BackgroundRecovery {
  /** The same observer, which also tells when there is time. */
  watch(observer: RunObserver): RunObserver;
  /** Resolves when all is done, or after a while in any case. Never rejects. */
  finish(): Promise<void>;
}

/**
 * Recovers the dead runs of a task beside a run of it: not before a stage of that run is on its way, so
 * that nothing waits for it. Whatever goes wrong is a warning on stderr.
 */
export function recoverBeside(task: Task, ports: RecoveryPorts, io: WarningIo): BackgroundRecovery {
  let ownRunId: string | undefined;
  let work: Promise<void> | undefined;
  const begin = (): Promise<void> =>
    (work ??= recoverOthers(task, (runId) => runId !== ownRunId, ports, io));
  return {
    watch: (observer) => ({
      ...observer,
      onEvent(event) {
        observer.onEvent(event);
        if (event.type === 'run.started') ownRunId = event.run_id;
        else if (event.type !== 'stage.started') void begin();
      },
      forSubpipeline(stageIndex) {
        void begin();
        return observer.forSubpipeline?.(stageIndex);
      },
    }),
    finish: () => waitFor(begin(), io),
  };
}

interface Task {
  readonly workspace: Workspace;
  readonly taskId: TaskId;
}

type WarningIo = Pick<Io, 'clock' | 'stderr'>;

async function recoverOthers(
  { workspace, taskId }: Task,
  isOther: (runId: string) => boolean,
  ports: RecoveryPorts,
  io: WarningIo,
): Promise<void> {
  // The command that is being started goes first.
  await new Promise(setImmediate);
  try {
    const { layouts, unreadable } = await listUnsealedRuns(locationOf(workspace, taskId));
    const others = layouts.filter(({ runId }) => isOther(runId));
    const { recovered, refused } = await recoverRuns(others, ports);
    for (const { run_id: runId } of recovered) say(`recovered ${runId}, which had no owner`, io);
    for (const { path, message } of refused) warn(`cannot recover ${path}: ${message}`, io);
    for (const { path, error } of unreadable) warn(`cannot read ${path}: ${messageOf(error)}`, io);
  } catch (error) {
    warn(`runs without an owner were not recovered: ${messageOf(error)}`, io);
  }
}

async function waitFor(work: Promise<void>, io: WarningIo): Promise<void> {
  const patience = new AbortController();
  const bound = sleep(io.clock, patienceMs, patience.signal).then(
    () => {
      warn('runs without an owner are still being recovered', io);
    },
    () => undefined,
  );
  await Promise.race([work, bound]);
  patience.abort();
}

function warn(text: string, io: WarningIo): void {
  say(`warning: ${text}`, io);
}

function say(text: string, { stderr }: WarningIo): void {
  stderr.write(`codex-orchestrator: ${printable(text)}\n`);
}
