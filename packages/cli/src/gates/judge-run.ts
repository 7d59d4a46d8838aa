import { relative, sep } from 'node:path';

import { checkIdentifier, messageOf, parseRunId, parseTaskId } from '@codex-orchestrator/core';
import type { GatePorts, RecordedRun, RunJudgement } from '@codex-orchestrator/gates';
import {
  createRunLayout,
  effectiveStatus,
  readManifest,
  verifyRun,
} from '@codex-orchestrator/manifest';
import type { Manifest, RunLayout, VerificationReport } from '@codex-orchestrator/manifest';

import { locationOf } from '../wanted-run.js';
import type { Workspace } from '../workspace.js';

/**
 * Makes what holds a run against its own record: journal, manifest, digests, and the signature where there is
 * one. Only a record with a chain of its own can be verified: what another tool wrote may say anything.
 */
export function createRunJudge(workspace: Workspace): GatePorts['judgeRun'] {
  return async (manifestPath) => {
    const layout = layoutOf(workspace, manifestPath);
    if (!layout)
      return unverified('it is not where a run of this repository keeps its manifest', null);
    const report = await verifyRun(layout).catch(messageOf);
    if (typeof report === 'string') return unverified(report, null);
    const manifest = await readManifest(layout.manifestPath).catch(messageOf);
    if (typeof manifest === 'string') return unverified(manifest, null);
    const run = describeRun(manifest.manifest);
    const problem = problemOf(report, manifest.manifest);
    return problem === null ? { isVerified: true, problem, run } : unverified(problem, run);
  };
}

function layoutOf(workspace: Workspace, manifestPath: string): RunLayout | undefined {
  const parts = relative(workspace.runsDir, manifestPath).split(sep);
  const [task = '', cli, run = '', file, ...rest] = parts;
  const runId = parseRunId(run);
  if (cli !== 'cli' || file !== 'manifest.json' || rest.length > 0) return undefined;
  if (!runId.ok || !checkIdentifier(task).ok) return undefined;
  const location = locationOf(workspace, undefined);
  return createRunLayout({ ...location, taskId: parseTaskId(task), runId: runId.value.runId });
}

function problemOf({ verdict, findings }: VerificationReport, manifest: Manifest): string | null {
  if (verdict === 'damaged') {
    const [first] = findings;
    if (first === undefined) return 'its record is damaged';
    const more = findings.length > 1 ? ` (and ${String(findings.length - 1)} more)` : '';
    return `${first.path}: ${first.message}${more}`;
  }
  return manifest.journal === null ? 'its record has no chain that could be verified' : null;
}

function describeRun(manifest: Manifest): RecordedRun {
  return {
    runId: manifest.run_id,
    taskId: manifest.task_id,
    pipelineId: manifest.pipeline_id,
    status: effectiveStatus(manifest).status,
    startedAt: manifest.started_at,
    completedAt: manifest.completed_at,
    durationMs: manifest.duration_ms,
  };
}

function unverified(problem: string, run: RecordedRun | null): RunJudgement {
  return { isVerified: false, problem, run };
}
