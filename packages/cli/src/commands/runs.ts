import { messageOf, parseTaskId } from '@codex-orchestrator/core';
import { isFinalStatus, listRuns } from '@codex-orchestrator/manifest';
import type { FoundRun, RunListing, RunStatus } from '@codex-orchestrator/manifest';

import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { runsGrammar } from '../command-grammar.js';
import { exitCodes } from '../exit-codes.js';
import type { Interruption } from '../interruption.js';
import { renderRuns } from '../render/runs.js';
import { viewRun } from '../run-view.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof runsGrammar)['flags'];

const defaultLimit = 20;

/** One line of `runs --format json`. */
export interface RunRow {
  readonly run_id: string;
  readonly task_id: string;
  readonly pipeline_id: string;
  readonly status: RunStatus;
  readonly recorded_status: RunStatus;
  readonly started_at: string;
  readonly duration_ms: number | null;
  /** What is known of a run that ended without its owner; null for every other one. */
  readonly interruption: Interruption | null;
  readonly manifest: string;
}

/** `runs`: the newest runs first. A run that cannot be read costs itself alone and is named. */
export const runs: RunCommand<Flags> = async (input, context) => {
  const listing = await findRuns(input, context);
  const rows = await describeRuns(listing, input, context);
  const unreadable = listing.unreadable.map(({ path, error }) => ({
    path,
    reason: messageOf(error),
  }));
  for (const row of rows) context.answer.event({ type: 'run', ...row });
  const next = rows.some(isUnsealed) ? ['codex-orchestrator recover'] : [];
  const value =
    context.format === 'ndjson' ? { type: 'verdict', runs: rows.length } : { runs: rows };
  context.answer.give({ ...value, unreadable, next }, () => renderRuns(rows, unreadable, next));
  return exitCodes.succeeded.code;
};

/** With a status wanted, all runs are read: nothing but its record tells the status of a run. */
function findRuns({ flags }: CommandInput<Flags>, { io }: CommandContext): Promise<RunListing> {
  const { root, runsDir } = findWorkspace(io);
  const task = flags.task === undefined ? {} : { taskId: parseTaskId(flags.task) };
  const limit = flags.status === undefined ? (flags.limit ?? defaultLimit) : Infinity;
  return listRuns({ root, runsDir, ...task }, { limit });
}

async function describeRuns(
  { runs: found }: RunListing,
  { flags }: CommandInput<Flags>,
  { io }: CommandContext,
): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  for (const run of found) {
    if (rows.length >= (flags.limit ?? defaultLimit)) break;
    const row = await describeRow(run, io.clock);
    if (flags.status === undefined || row.status === flags.status) rows.push(row);
  }
  return rows;
}

async function describeRow(run: FoundRun, clock: CommandContext['io']['clock']): Promise<RunRow> {
  const { manifest, status, recordedStatus, interruption } = await viewRun(run, clock);
  const { run_id, task_id, pipeline_id, started_at, duration_ms, artifact_root } = manifest;
  return {
    run_id,
    task_id,
    pipeline_id,
    status,
    recorded_status: recordedStatus,
    started_at,
    duration_ms,
    interruption: interruption ?? null,
    manifest: `${artifact_root}/manifest.json`,
  };
}

/** Whether the run is over and its record does not say so. */
function isUnsealed({ status, recorded_status: recorded }: RunRow): boolean {
  return isFinalStatus(status) && !isFinalStatus(recorded);
}
