import { messageOf, parseRunId, parseTaskId } from '@codex-orchestrator/core';
import {
  createRunLayout,
  findRun,
  ManifestError,
  readManifest,
} from '@codex-orchestrator/manifest';
import type { Manifest } from '@codex-orchestrator/manifest';
import type { RunSample } from '@codex-orchestrator/report';

import { sampleOfRun } from '../report-library.js';
import { locationOf } from '../wanted-run.js';
import type { Workspace } from '../workspace.js';
import type { GatheredRun } from './selected-side.js';

export interface RunRecords {
  readonly samples: readonly RunSample[];
  /** The roots that the runs were of, as far as records say. */
  readonly roots: ReadonlySet<string>;
  /** Records that cannot be read, one sentence each: the history speaks for these runs. */
  readonly problems: readonly string[];
}

/**
 * The samples of runs, with what their records say: a record wins over the line that was written about it.
 * A run whose record is gone is what the history says.
 */
export async function readRecords(
  runs: readonly GatheredRun[],
  workspace: Workspace,
): Promise<RunRecords> {
  const samples: RunSample[] = [];
  const problems: string[] = [];
  const roots = new Set<string>();
  for (const { sample, entry } of runs) {
    const record = await readRecord(sample, workspace);
    if (typeof record === 'string') problems.push(record);
    const manifest = typeof record === 'object' ? record : undefined;
    if (manifest?.workspace_path != null) roots.add(manifest.workspace_path);
    samples.push(manifest === undefined ? sample : sampleOfRun(manifest, entry));
  }
  return { samples, roots, problems };
}

/** The manifest; undefined where there is none any more; a sentence where it cannot be read. */
async function readRecord(
  { runId, taskId }: RunSample,
  workspace: Workspace,
): Promise<Manifest | string | undefined> {
  const parsed = parseRunId(runId);
  if (!parsed.ok || taskId === null) return undefined;
  try {
    const place = { taskId: parseTaskId(taskId), runId: parsed.value.runId };
    const { manifestPath } = createRunLayout({ ...workspace, ...place });
    return (await readManifest(manifestPath)).manifest;
  } catch (error) {
    if (error instanceof ManifestError && error.code === 'MANIFEST_NOT_FOUND') return undefined;
    const reason = messageOf(error);
    return `the record of run ${runId} cannot be read: ${reason}`;
  }
}

/** Runs that no history names, by their records; those that are nowhere are left out. */
export async function readNamedRuns(
  runIds: readonly string[],
  workspace: Workspace,
): Promise<readonly RunSample[]> {
  const samples: RunSample[] = [];
  for (const runId of runIds) {
    const parsed = parseRunId(runId);
    if (!parsed.ok) continue;
    const { run } = await findRun(parsed.value.runId, locationOf(workspace, undefined));
    if (run !== undefined) samples.push(sampleOfRun(run.manifest));
  }
  return samples;
}

/** Records name paths: those of another root have other lengths, whatever else has changed. */
export function withoutManifestBytes(samples: readonly RunSample[]): readonly RunSample[] {
  return samples.map((sample) => ({ ...sample, manifestBytes: null }));
}

export const noteOfManifestBytes =
  'The bytes of manifests are not compared: the runs are of several roots, whose paths are in them';
