import { join } from 'node:path';

import { parseTaskId, resolveInside, sweepTempFiles } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import {
  createTaskLayout,
  effectiveStatus,
  isFinalStatus,
  listRuns,
  listUnsealedRuns,
  sweepDrafts,
} from '@codex-orchestrator/manifest';
import type { FoundRun, RunLayout, RunsLocation, TaskLayout } from '@codex-orchestrator/manifest';

import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { recoverGrammar } from '../repair-grammar.js';
import { usageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { openRunExperiences } from '../experience/run-experiences.js';
import { given } from '../given.js';
import { openRunMetrics } from '../metrics/run-metrics.js';
import { redactorFor } from '../privacy.js';
import { recoverRuns } from '../recover-runs.js';
import type { RecoveryAnswer } from '../recover-runs.js';
import { printable } from '../render/printable.js';
import { renderRecovery } from '../render/recover.js';
import { readSigner } from '../signing.js';
import { describeUnreadable } from '../unreadable-run.js';
import type { FailedRun } from '../unreadable-run.js';
import { taskFoldersIn } from '../task-folders.js';
import { locationOf, searchLayout, unreadableLayouts } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';
import type { Workspace } from '../workspace.js';

type Flags = (typeof recoverGrammar)['flags'];

/**
 * `recover`: seals the runs that ended without their owner. One that cannot be sealed is named, and
 * costs itself alone.
 */
export const recover: RunCommand<Flags> = async (input, { io, answer }) => {
  const workspace = findWorkspace(io);
  const metrics = openRunMetrics({ workspace, io });
  const redactor = redactorFor(io.env);
  const redact = (text: string): string => redactor.text(text);
  const experiences = openRunExperiences({ workspace, io, redact });
  const ports = {
    metrics,
    experiences,
    clock: io.clock,
    redactor,
    ...given({ signer: readSigner(io.env, workspace.root) }),
  };
  const scope = await chooseScope(input, workspace, io);
  const found = await recoverRuns(scope.layouts, ports);
  // Whoever was killed while it updated has left that to others.
  for (const taskId of scope.tasks) metrics.lookAfter(taskId);
  for (const problem of [...experiences.takeProblems(), ...(await metrics.update())]) {
    io.stderr.write(`codex-orchestrator: warning: ${printable(problem)}\n`);
  }
  const sweep = await sweepTasks(scope.tasks, workspace);
  const result: RecoveryAnswer = {
    recovered: found.recovered,
    alive: found.alive,
    refused: [...scope.refused, ...found.refused, ...sweep.refused],
    swept: [...found.swept, ...sweep.swept],
  };
  answer.give(result, () => renderRecovery(result));
  return (result.refused.length === 0 ? exitCodes.succeeded : exitCodes.failed).code;
};

/** Where to look and what for. */
interface Scope {
  readonly layouts: readonly RunLayout[];
  /** Tasks whose folders are swept. */
  readonly tasks: readonly TaskId[];
  /** What is known to be out of reach already. */
  readonly refused: readonly FailedRun[];
}

async function chooseScope(
  { flags, positionals: [positional] }: CommandInput<Flags>,
  workspace: Workspace,
  io: CommandContext['io'],
): Promise<Scope> {
  const wanted = flags.run ?? positional;
  if (wanted !== undefined && flags.all === true) {
    throw usageError('Expected one of `--run` and `--all`, got both');
  }
  if (wanted !== undefined) {
    const layout = await searchLayout({ wanted, task: flags.task, workspace }, io);
    return { layouts: [layout], tasks: [layout.taskId], refused: [] };
  }
  const taskId = flags.task === undefined ? undefined : parseTaskId(flags.task);
  const location = locationOf(workspace, taskId);
  const tasks = taskId === undefined ? taskFoldersIn(workspace.runsDir) : [taskId];
  if (flags.all === true) return scopeOfAll(location, tasks, workspace);
  const { layouts, unreadable } = await listUnsealedRuns(location);
  return { layouts, tasks, refused: unreadable.map(describeUnreadable) };
}

/** Markers and, since a run of another version has none, every record that there is. */
async function scopeOfAll(
  location: RunsLocation,
  tasks: readonly TaskId[],
  workspace: Workspace,
): Promise<Scope> {
  const marked = await listUnsealedRuns(location);
  const { runs, unreadable } = await listRuns(location);
  const layouts = new Map<string, RunLayout>();
  const unmarked = runs.filter(isUnsealed).map(({ layout }) => layout);
  const nameless = unreadable.filter(({ runId }) => runId === undefined);
  for (const layout of [
    ...marked.layouts,
    ...unmarked,
    ...unreadableLayouts(unreadable, workspace),
  ]) {
    layouts.set(layout.runDir, layout);
  }
  return {
    layouts: [...layouts.values()],
    tasks,
    refused: [...marked.unreadable, ...nameless].map(describeUnreadable),
  };
}

function isUnsealed({ manifest }: FoundRun): boolean {
  return !isFinalStatus(manifest.status) && isFinalStatus(effectiveStatus(manifest).status);
}

/** Removes what never became a run, and old temporary files. */
async function sweepTasks(
  tasks: readonly TaskId[],
  workspace: Workspace,
): Promise<Pick<RecoveryAnswer, 'refused' | 'swept'>> {
  const swept: string[] = [];
  const refused: FailedRun[] = [];
  for (const taskId of tasks) {
    const layout = createTaskLayout({
      ...locationOf(workspace, undefined),
      taskId,
    });
    try {
      // What a symlink leads to is not ours to sweep.
      resolveInside(layout.runsDir, layout.taskRunsDir);
      const paths = [
        ...(await sweepDrafts(layout)),
        ...(await sweepTempFiles(layout.taskRunsDir)),
        ...(await sweepMetrics(layout)),
      ];
      swept.push(...paths.map((path) => layout.relative(path)));
    } catch (error) {
      const path = layout.taskRunsDir;
      refused.push(describeUnreadable({ path, taskId, runId: undefined, error }));
    }
  }
  return { swept, refused };
}

/** What is written there is replaced as a whole, by processes whose files tell whether they live. */
async function sweepMetrics({ outDir, taskDir, taskOutDir }: TaskLayout): Promise<string[]> {
  resolveInside(outDir, taskOutDir);
  const swept: string[] = [];
  for (const parent of [taskDir, taskOutDir]) {
    for (const folder of [parent, join(parent, 'metrics')]) {
      swept.push(...(await sweepTempFiles(folder, { olderThanMs: 0 })));
    }
  }
  return swept;
}
