import { messageOf, nodeFileSystem, parseRunId, parseTaskId } from '@codex-orchestrator/core';
import { createRunLayout, digestFile, readManifest, verifyRun } from '@codex-orchestrator/manifest';
import type { RunLayout, VerificationReport } from '@codex-orchestrator/manifest';
import type { EvidenceDocument, EvidenceRun, RunSample } from '@codex-orchestrator/report';

import { sampleOfRun } from '../report-library.js';
import type { Workspace } from '../workspace.js';
import type { Evidence } from './read-evidence.js';

/** Whether the record of a run is what its numbers were taken from. */
export interface CheckedRun {
  readonly runId: string;
  readonly side: 'after' | 'before';
  /** `intact`: as it was written, and as it was measured. */
  readonly verdict: 'changed' | 'damaged' | 'intact' | 'missing';
  readonly signature: VerificationReport['signature'];
  readonly findings: number;
  /** Of the manifest as it is now; null where there is none. */
  readonly digest: string | null;
  /** What is wrong, one sentence; null where nothing is. */
  readonly problem: string | null;
}

/** Checks every run that the numbers are from, by its own files. */
export async function verifyEvidence(
  { baseline, post }: Evidence,
  workspace: Workspace,
): Promise<readonly CheckedRun[]> {
  const checked: CheckedRun[] = [];
  for (const { document, side } of [
    { document: baseline, side: 'before' },
    { document: post, side: 'after' },
  ] as const) {
    for (const run of document?.runs ?? []) {
      checked.push(await checkRun(run, { side, taskId: document?.taskId ?? '' }, workspace));
    }
  }
  return checked;
}

type Place = Pick<CheckedRun, 'side'> & Pick<EvidenceDocument, 'taskId'>;

async function checkRun(
  run: EvidenceRun,
  { side, taskId }: Place,
  workspace: Workspace,
): Promise<CheckedRun> {
  const nothing = { signature: 'absent', findings: 0, digest: null } as const;
  const base = { runId: run.runId, side };
  try {
    // By its id: a path that somebody wrote into the evidence could lead anywhere.
    const layout = layoutOf(run.runId, taskId, workspace);
    return { ...base, ...(await compareRecord(run, layout)) };
  } catch (error) {
    const reason = messageOf(error);
    return {
      ...base,
      ...nothing,
      verdict: 'missing',
      problem: `its record cannot be read: ${reason}`,
    };
  }
}

function layoutOf(runId: string, taskId: string, workspace: Workspace): RunLayout {
  const parsed = parseRunId(runId);
  if (!parsed.ok) throw new Error(parsed.error);
  const place = { taskId: parseTaskId(taskId), runId: parsed.value.runId };
  return createRunLayout({ ...workspace, ...place });
}

async function compareRecord(
  { manifestSha256, sample }: EvidenceRun,
  layout: RunLayout,
): Promise<Omit<CheckedRun, 'runId' | 'side'>> {
  const { sha256: digest } = await digestFile(layout.manifestPath, nodeFileSystem);
  const report = await verifyRun(layout);
  const { findings, signature } = report;
  const facts = { signature, findings: findings.length, digest };
  const [first] = findings;
  if (first !== undefined) {
    return {
      ...facts,
      verdict: 'damaged',
      problem: `${first.code}: ${first.path}: ${first.message}`,
    };
  }
  if (digest !== manifestSha256) {
    return {
      ...facts,
      verdict: 'changed',
      problem: 'its manifest is another one than was measured',
    };
  }
  const recorded = sampleOfRun((await readManifest(layout.manifestPath)).manifest);
  if (numbersOf(recorded) !== numbersOf(sample)) {
    return { ...facts, verdict: 'changed', problem: 'its numbers are not those of its record' };
  }
  return { ...facts, verdict: 'intact', problem: null };
}

/** The numbers that a record can be asked for itself. */
function numbersOf({ attempt, durationMs, stages, status }: RunSample): string {
  return JSON.stringify([
    attempt,
    status,
    durationMs,
    stages.map((stage) => [stage.id, stage.status, stage.durationMs, stage.attempts]),
  ]);
}
