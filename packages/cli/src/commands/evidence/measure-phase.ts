import { existsSync } from 'node:fs';

import type { TaskId } from '@codex-orchestrator/core';
import type { EvidenceRole } from '@codex-orchestrator/report';

import { median } from '../../report-library.js';
import type { CommandContext, CommandInput } from '../../command.js';
import type { evidenceBaselineGrammar } from '../../compare-grammar.js';
import { CliError } from '../../errors.js';
import { openBaseTree } from '../../evidence/base-tree.js';
import type { BaseTree } from '../../evidence/base-tree.js';
import { evidenceFiles } from '../../evidence/evidence-files.js';
import type { EvidencePhase } from '../../evidence/evidence-files.js';
import { EvidenceWriter } from '../../evidence/evidence-writer.js';
import { hearSignals } from '../../evidence/hear-signals.js';
import type { HeardSignals } from '../../evidence/hear-signals.js';
import { measure } from '../../evidence/measure.js';
import type { Measurement, MeasurementEnd } from '../../evidence/measure.js';
import { planSides } from '../../evidence/plan-sides.js';
import { takeTurns } from '../../evidence/turns.js';
import { exitCodeOfStatus, exitCodes } from '../../exit-codes.js';
import { decideInteractivity } from '../../interactivity.js';
import { renderMeasured } from '../../render/evidence.js';
import { printable } from '../../render/printable.js';
import { parseTags } from '../../run-facts/run-tags.js';
import { announceTask } from '../../task.js';
import { watchRun } from '../../watch-run.js';
import { findWorkspace } from '../../workspace.js';
import type { Workspace } from '../../workspace.js';

type Flags = CommandInput<(typeof evidenceBaselineGrammar)['flags']>['flags'];

export interface MeasureRequest {
  readonly phase: EvidencePhase;
  readonly flags: Flags;
  /** Of the order of turns. */
  readonly seed: number;
}

/** What `evidence baseline` and `evidence post` print with `--format json`. */
export interface MeasuredAnswer {
  readonly task_id: string;
  readonly pipeline_id: string;
  readonly phase: EvidencePhase;
  readonly outcome: 'interrupted' | 'measured';
  /** Where the numbers are, absolute; null where not a single run was measured. */
  readonly path: string | null;
  readonly sides: readonly MeasuredSideAnswer[];
}

export interface MeasuredSideAnswer {
  readonly role: EvidenceRole;
  readonly runs: number;
  readonly succeeded: number;
  /** Of the runs that succeeded; null where none did. */
  readonly median_ms: number | null;
}

const defaultRuns = 5;

/** Measures one tree, or two in turns. Exits 1 where not a single run succeeded. */
export async function measurePhase(
  request: MeasureRequest,
  context: CommandContext,
): Promise<number> {
  const { io, answer } = context;
  const { flags, phase } = request;
  const workspace = findWorkspace(io);
  const taskId = announceTask({ flag: flags.task, env: io.env, root: workspace.root }, io);
  if (flags.force !== true) refuseReplacing(evidenceFiles(workspace, taskId)[phase]);
  using signals = hearSignals(io);
  try {
    await using base = await openBase(flags.against, workspace, signals);
    return await measureTrees(request, { workspace, base, taskId, signals }, context);
  } catch (error) {
    if (!signals.signal.aborted || error !== signals.signal.reason) throw error;
    answer.give({ task_id: taskId, phase, outcome: 'interrupted' }, () => [
      'Interrupted before the first run',
    ]);
    return exitCodeOfStatus('cancelled', signals.cancelledBy);
  }
}

/** @throws CliError `EVIDENCE_EXISTS` */
function refuseReplacing(path: string): void {
  if (!existsSync(path)) return;
  throw new CliError('EVIDENCE_EXISTS', `There are numbers already: \`${path}\``, {
    hint: 'Replace them with --force',
    details: { path },
  });
}

async function openBase(
  against: string | undefined,
  workspace: Workspace,
  { io, signal }: HeardSignals,
): Promise<BaseTree | undefined> {
  if (against === undefined) return undefined;
  return openBaseTree({ against, workspace, cwd: io.cwd, env: io.env, signal });
}

interface Trees {
  readonly workspace: Workspace;
  readonly base: BaseTree | undefined;
  readonly taskId: TaskId;
  readonly signals: HeardSignals;
}

async function measureTrees(
  { phase, flags, seed }: MeasureRequest,
  { workspace, base, taskId, signals }: Trees,
  context: CommandContext,
): Promise<number> {
  const { io, answer, format } = context;
  const remarks = base?.remarks ?? [];
  for (const remark of remarks) {
    io.stderr.write(`codex-orchestrator: warning: ${printable(remark)}\n`);
  }
  const tags = flags.tag === undefined ? [] : parseTags(flags.tag);
  const { against, pipeline: pipelineId } = flags;
  const sides = planSides({ phase, workspace, base, against, pipelineId, tags }, io);
  const startedAt = new Date(io.clock.nowMs()).toISOString();
  const notes = [
    ...(sides.length < 2 ? [] : [`The order of the turns is that of seed ${String(seed)}.`]),
    ...remarks.map((remark) => `${remark}.`),
  ];
  const writer = new EvidenceWriter({ phase, taskId, workspace, sides, startedAt, notes });
  const turns = takeTurns(sides, { rounds: flags.runs ?? defaultRuns, seed });
  const { unattended } = decideInteractivity(io, format);
  const end = await measure(
    {
      taskId,
      turns,
      nonInteractive: unattended,
      watch: watchTurns(turns.length, context),
      keep: (side, run) => writer.add(side, run),
    },
    signals,
  );
  const roles = sides.map(({ role }) => role);
  const pipeline = sides[0]?.plan.pipeline.id ?? '';
  const result: MeasuredAnswer = {
    task_id: taskId,
    pipeline_id: pipeline,
    phase,
    outcome: end.isCancelled ? 'interrupted' : 'measured',
    path: end.runs === 0 ? null : writer.path,
    sides: roles.map((role) => describeSide(role, writer)),
  };
  answer.give(result, () => renderMeasured(result));
  return exitCodeOf(end);
}

function watchTurns(count: number, { io, answer, format }: CommandContext): Measurement['watch'] {
  const interactivity = decideInteractivity(io, format);
  return ({ role }, turn) => {
    if (interactivity.progress !== 'none' && !answer.isForAgent) {
      io.stderr.write(`Run ${String(turn + 1)} of ${String(count)}: ${role}\n`);
    }
    return watchRun(interactivity, answer, io);
  };
}

function describeSide(role: EvidenceRole, writer: EvidenceWriter): MeasuredSideAnswer {
  const runs = writer.runsOf(role).map(({ sample }) => sample);
  const succeeded = runs.filter(({ status }) => status === 'succeeded');
  const durations = succeeded.flatMap(({ durationMs }) => durationMs ?? []);
  return {
    role,
    runs: runs.length,
    succeeded: succeeded.length,
    median_ms: durations.length === 0 ? null : median(durations),
  };
}

function exitCodeOf({ isCancelled, cancelledBy, succeeded }: MeasurementEnd): number {
  if (isCancelled) return exitCodeOfStatus('cancelled', cancelledBy);
  return (succeeded > 0 ? exitCodes.succeeded : exitCodes.failed).code;
}
