import type { FileSystem } from '@codex-orchestrator/core';
import { digestFile } from '@codex-orchestrator/manifest';
import type { Artifact, NewRunEvent, RunLayout, StageRecord } from '@codex-orchestrator/manifest';
import { join } from 'node:path';

import { attemptFiles, filesOfStage, runRelative } from './stage-files.js';

type StageFinished = Extract<NewRunEvent, { readonly type: 'stage.finished' }>;

/** Why a stage, or a run, ended without an end of its own. */
export const runnerDied = 'runner-died';

/** The end of a stage whose runner died: what is known of it is what lies on disk. */
export async function interruptedEnd(
  stage: StageRecord,
  known: readonly Artifact[],
  { layout, fs }: { readonly layout: RunLayout; readonly fs: FileSystem },
): Promise<StageFinished> {
  const recorded = new Set(known.map(({ path }) => path));
  // What the runner itself has said about a file stands.
  const files = filesOfStage(attemptFiles(layout, fs), stage, layout);
  const artifacts: Artifact[] = [];
  for (const path of files.filter((name) => !recorded.has(name))) {
    artifacts.push(...(await tryDigest(layout, path, fs)));
  }
  const logPath = runRelative(layout, layout.stageLogPath(stage.index, stage.id));
  const log = artifacts.find(({ path }) => path === logPath);
  return {
    type: 'stage.finished',
    index: stage.index,
    id: stage.id,
    status: 'interrupted',
    outcome: 'interrupted',
    exit_code: null,
    signal: null,
    duration_ms: null,
    summary: 'The runner died while it was running',
    reason: runnerDied,
    log_path: files.includes(logPath) ? stage.log_path : null,
    log_bytes: log?.bytes ?? null,
    log_omitted_bytes: null,
    error_file: null,
    child_run: null,
    artifacts,
    privacy: null,
    ...(stage.kind === 'rlm' && { loop: null }),
  };
}

/** Newest output of a long log that was not yet put behind its start; it stays where it is. */
export function tailSegmentsOf({ artifacts }: Pick<StageFinished, 'artifacts'>): string[] {
  return (artifacts ?? [])
    .map(({ path }) => path)
    .filter((path) => /\.tail(\.previous)?$/.test(path));
}

/** A file that cannot be read keeps nobody from sealing the run; the seal says that it could not. */
async function tryDigest(layout: RunLayout, path: string, fs: FileSystem): Promise<Artifact[]> {
  try {
    return [{ path, ...(await digestFile(join(layout.runDir, path), fs)) }];
  } catch {
    return [];
  }
}
