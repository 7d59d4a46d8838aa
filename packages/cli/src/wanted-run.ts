import { messageOf, parseRunId, parseTaskId } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { createRunLayout, findRun } from '@codex-orchestrator/manifest';
import type { FoundRun, RunLayout, RunSearch, RunsLocation } from '@codex-orchestrator/manifest';

import { CliError, usageError } from './errors.js';
import type { Io } from './io.js';
import { printable } from './render/printable.js';
import type { Workspace } from './workspace.js';

export interface RunQuestion {
  /** A run id or `latest`. */
  readonly wanted: string;
  /** Value of `--task`; undefined looks through every task. */
  readonly task: string | undefined;
  readonly workspace: Workspace;
}

/**
 * The run that the arguments name, by flag or by position; `latest` when they name none.
 *
 * @throws CliError `USAGE` when they name two
 */
export function wantedRun(flag: string | undefined, positional: string | undefined): string {
  if (flag !== undefined && positional !== undefined && flag !== positional) {
    throw usageError('Expected one run, got two');
  }
  return flag ?? positional ?? 'latest';
}

/**
 * Finds one run. What could not be read on the way is told on stderr: it may be the run that was meant.
 *
 * @throws CliError `RUN_NOT_FOUND`
 */
export async function searchRun(question: RunQuestion, io: Pick<Io, 'stderr'>): Promise<FoundRun> {
  const { run, unreadable } = await search(question);
  warnOfUnreadable(unreadable, io);
  if (run !== undefined) return run;
  throw runNotFound(question);
}

/**
 * The same for commands that do without a manifest: it is enough that the folder of the run is there.
 *
 * @throws CliError `RUN_NOT_FOUND`
 */
export async function searchLayout(
  question: RunQuestion,
  io: Pick<Io, 'stderr'>,
): Promise<RunLayout> {
  const { run, unreadable } = await search(question);
  if (run !== undefined) {
    warnOfUnreadable(unreadable, io);
    return run.layout;
  }
  const [layout] = unreadableLayouts(unreadable, question.workspace);
  if (layout !== undefined) return layout;
  warnOfUnreadable(unreadable, io);
  throw runNotFound(question);
}

/** Where runs lie, of one task or of all. */
export function locationOf(
  { root, runsDir, outDir }: Workspace,
  taskId: TaskId | undefined,
): RunsLocation {
  return { root, runsDir, outDir, ...(taskId === undefined ? {} : { taskId }) };
}

/** The runs among what could not be read, as far as they have a name of their own. */
export function unreadableLayouts(
  unreadable: RunSearch['unreadable'],
  workspace: Workspace,
): RunLayout[] {
  return unreadable.flatMap(({ taskId, runId }) => {
    const parsed = runId === undefined ? undefined : parseRunId(runId);
    if (!parsed?.ok) return [];
    const location = locationOf(workspace, parseTaskId(taskId));
    return [
      createRunLayout({ ...location, taskId: parseTaskId(taskId), runId: parsed.value.runId }),
    ];
  });
}

function search(question: RunQuestion): Promise<RunSearch> {
  const { wanted, task, workspace } = question;
  const location = locationOf(workspace, task === undefined ? undefined : parseTaskId(task));
  if (wanted === 'latest') return findRun(wanted, location);
  const parsed = parseRunId(wanted);
  if (!parsed.ok) throw runNotFound(question, parsed.error);
  return findRun(parsed.value.runId, location);
}

function warnOfUnreadable(
  unreadable: RunSearch['unreadable'],
  { stderr }: Pick<Io, 'stderr'>,
): void {
  for (const { path, error } of unreadable) {
    const reason = messageOf(error);
    stderr.write(`codex-orchestrator: warning: ${printable(`cannot read ${path}: ${reason}`)}\n`);
  }
}

function runNotFound({ wanted, workspace }: RunQuestion, reason?: string): CliError {
  const { runsDir } = workspace;
  const why = reason === undefined ? '' : `: ${reason}`;
  const message =
    wanted === 'latest'
      ? `No run in \`${runsDir}\``
      : `No run \`${wanted}\` in \`${runsDir}\`${why}`;
  const hint = wanted === 'latest' ? 'codex-orchestrator start' : 'codex-orchestrator runs';
  return new CliError('RUN_NOT_FOUND', message, { hint, details: { path: runsDir } });
}
