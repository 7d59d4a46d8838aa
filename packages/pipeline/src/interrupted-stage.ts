import { createSha256 } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type { Artifact, NewRunEvent, RunLayout, StageRecord } from '@codex-orchestrator/manifest';
import { join } from 'node:path';

import { attemptFiles, filesOfStage, runRelative } from './stage-files.js';

type StageFinished = Extract<NewRunEvent, { readonly type: 'stage.finished' }>;

/** Why a stage, or a run, ended without an end of its own. */
export const runnerDied = 'runner-died';

/** The end of a stage whose runner died: what is known of it is what lies on disk. */
export function interruptedEnd(
  stage: StageRecord,
  known: readonly Artifact[],
  { layout, fs }: { readonly layout: RunLayout; readonly fs: FileSystem },
): StageFinished {
  const recorded = new Set(known.map(({ path }) => path));
  // What the runner itself has said about a file stands.
  const files = filesOfStage(attemptFiles(layout, fs), stage, layout);
  const artifacts = files
    .filter((path) => !recorded.has(path))
    .flatMap((path) => tryDigest(layout, path, fs));
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
  };
}

/** Newest output of a long log that was not yet put behind its start; it stays where it is. */
export function tailSegmentsOf({ artifacts }: Pick<StageFinished, 'artifacts'>): string[] {
  return (artifacts ?? [])
    .map(({ path }) => path)
    .filter((path) => /\.tail(\.previous)?$/.test(path));
}

const chunkBytes = 256 * 1024;

/** A file that cannot be read keeps nobody from sealing the run; the seal says that it could not. */
function tryDigest(layout: RunLayout, path: string, fs: FileSystem): Artifact[] {
  try {
    return [digestFile(layout, path, fs)];
  } catch {
    return [];
  }
}

function digestFile(layout: RunLayout, path: string, fs: FileSystem): Artifact {
  const hash = createSha256();
  const view = Buffer.allocUnsafe(chunkBytes);
  const fd = fs.open(join(layout.runDir, path), 'r');
  let bytes = 0;
  try {
    const { size } = fs.fstat(fd);
    for (let read = fs.read(fd, view, null); read > 0; read = fs.read(fd, view, null)) {
      hash.update(view.subarray(0, read));
      bytes += read;
    }
    if (bytes < size) throw new Error(`"${path}" ended after ${bytes} of ${size} bytes`);
  } finally {
    fs.close(fd);
  }
  return { path, bytes, sha256: hash.digest('hex') };
}
