import type { TaskId } from '@codex-orchestrator/core';
import { createRootLayout } from '@codex-orchestrator/manifest';
import type {
  EvidenceBuild,
  EvidenceDocument,
  EvidenceRole,
  EvidenceRun,
  MachineFingerprint,
} from '@codex-orchestrator/report';

import { writePage } from '../comparison/write-page.js';
import { readCommit } from '../run-facts/read-commit.js';
import { version } from '../version.js';
import type { Workspace } from '../workspace.js';
import { evidenceFiles } from './evidence-files.js';
import type { EvidencePhase } from './evidence-files.js';
import type { MeasuredRun, MeasuredSide } from './measure.js';

export interface EvidenceWriterOptions {
  readonly phase: EvidencePhase;
  readonly taskId: TaskId;
  /** Where the evidence lies. */
  readonly workspace: Workspace;
  readonly sides: readonly MeasuredSide[];
  /** ISO string in UTC. */
  readonly startedAt: string;
  readonly notes: readonly string[];
}

/** Keeps what is measured: the file says all of it after every run. */
export class EvidenceWriter {
  readonly path: string;
  readonly #options: EvidenceWriterOptions;
  readonly #builds: readonly EvidenceBuild[];
  readonly #runs: EvidenceRun[] = [];

  constructor(options: EvidenceWriterOptions) {
    this.#options = options;
    // The commit of the beginning: a work tree is gone by the end.
    this.#builds = options.sides.map((side) => buildOf(side, options.taskId));
    this.path = evidenceFiles(options.workspace, options.taskId)[options.phase];
  }

  /** What was measured of one side. */
  runsOf(role: EvidenceRole): readonly EvidenceRun[] {
    return this.#runs.filter((run) => run.role === role);
  }

  async add({ role }: MeasuredSide, { manifestPath, ...run }: MeasuredRun): Promise<void> {
    const { workspace } = this.#options;
    const relative = createRootLayout(workspace).relative(manifestPath);
    this.#runs.push({ runId: run.sample.runId, role, manifestPath: relative, ...run });
    const text = `${JSON.stringify(this.#document(), null, 2)}\n`;
    await writePage(this.path, text, workspace.outDir);
  }

  #document(): EvidenceDocument {
    const { phase, taskId, sides, startedAt, notes } = this.#options;
    return {
      schema: 'evidence/v1',
      phase,
      taskId,
      pipelineId: sides[0]?.plan.pipeline.id ?? '',
      startedAt,
      toolVersion: version,
      builds: this.#builds,
      machine: machineOf(this.#runs),
      order: this.#runs.map(({ role }) => role),
      runs: this.#runs,
      notes,
    };
  }
}

function buildOf(
  { role, ref, workspace, plan, tags }: MeasuredSide,
  taskId: TaskId,
): EvidenceBuild {
  const argv = ['start', plan.pipeline.id, '--task', taskId, '--tag', tags.join(',')];
  return {
    role,
    ref,
    commit: readCommit(workspace.root),
    command: ['codex-orchestrator', ...argv],
  };
}

/** The machine that all runs were on; null where it is not known, or not one. */
function machineOf(runs: readonly EvidenceRun[]): MachineFingerprint | null {
  const machine = runs[0]?.sample.machine ?? null;
  const isSame = runs.every(({ sample }) => sample.machine?.id === machine?.id);
  return isSame ? machine : null;
}
