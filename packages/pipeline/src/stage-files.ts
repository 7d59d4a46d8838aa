import { relative, resolve, sep } from 'node:path';

import { isTempName } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type { LogReport } from '@codex-orchestrator/exec';
import type { Artifact, RunLayout, StageRecord } from '@codex-orchestrator/manifest';

import type { PlannedCommand } from './plan.js';
import type { StageContext } from './stage-context.js';

/** A path as artifacts name it: relative to the run's folder, with `/`. */
export function runRelative({ runDir }: RunLayout, path: string): string {
  return relative(runDir, path).split(sep).join('/');
}

/**
 * The log as it was written. One that could not be written in full is no artifact: what is in the file
 * is known when the run is sealed.
 */
export function logArtifacts(log: LogReport | undefined, layout: RunLayout): Artifact[] {
  if (log?.sha256 === undefined) return [];
  return [{ path: runRelative(layout, log.path), bytes: log.bytes, sha256: log.sha256 }];
}

/**
 * The log of an attempt that is repeated stays beside the log of the last one; returns it under the
 * name that it keeps.
 */
export function keepLog(
  stage: PlannedCommand,
  { attempt, log }: { readonly attempt: number; readonly log: LogReport | undefined },
  { layout, settings }: StageContext,
): Artifact[] {
  const path = layout.stageLogPath(stage.index, stage.id);
  const kept = path.replace(/\.log$/, `.attempt-${attempt}.log`);
  try {
    settings.fs.rename(path, kept);
  } catch {
    // A log that could not be created cannot be kept; the attempt is in the journal all the same.
    return [];
  }
  return logArtifacts(log && { ...log, path: kept }, layout);
}

/** The files that attempts write, below a run's folder, relative to it. */
export function attemptFiles(
  { runDir, commandsDir, errorsDir }: RunLayout,
  fs: FileSystem,
): string[] {
  return [commandsDir, errorsDir].flatMap((folder) =>
    namesIn(folder, fs).map((name) => `${relative(runDir, folder)}/${name}`),
  );
}

/** The folder that a loop leaves its evidence in, below a run's folder. */
export const loopFolder = 'rlm';

/** What lies in it, relative to the run's folder, but for temp files. Symlinks are not followed. */
export function loopFiles({ runDir }: RunLayout, fs: FileSystem): string[] {
  const files: string[] = [];
  for (const folder of loopFolders({ runDir }, fs)) {
    const paths = namesIn(resolve(runDir, folder), fs)
      .filter((name) => !isTempName(name))
      .map((name) => `${folder}/${name}`);
    files.push(...paths.filter((path) => !fs.lstat(resolve(runDir, path)).isDirectory()));
  }
  return files;
}

/** The folder itself and those below it, relative to the run's folder; none where there is none. */
export function loopFolders({ runDir }: Pick<RunLayout, 'runDir'>, fs: FileSystem): string[] {
  const isFolder = (path: string): boolean => {
    try {
      return fs.lstat(resolve(runDir, path)).isDirectory();
    } catch {
      return false;
    }
  };
  const folders = isFolder(loopFolder) ? [loopFolder] : [];
  for (const folder of folders) {
    const paths = namesIn(resolve(runDir, folder), fs).map((name) => `${folder}/${name}`);
    // What is pushed is gone through in its turn.
    folders.push(...paths.filter(isFolder));
  }
  return folders;
}

/** Those of them that belong to one stage: its log, the logs of its earlier attempts, its error file. */
export function filesOfStage(
  files: readonly string[],
  stage: Pick<StageRecord, 'id' | 'index' | 'log_path'>,
  layout: RunLayout,
): string[] {
  const stems = stemsOf(stage, layout);
  return files.filter((path) => stems.some((stem) => path.startsWith(`${stem}.`)));
}

/** A stage that was kept while its place changed has its files under the place that it had. */
function stemsOf(
  { index, id, log_path }: Pick<StageRecord, 'id' | 'index' | 'log_path'>,
  layout: RunLayout,
): string[] {
  const paths = [layout.stageLogPath(index, id), layout.stageErrorPath(index, id)];
  if (log_path !== null) paths.push(resolve(layout.root, log_path));
  return paths.map((path) => runRelative(layout, path).replace(/\.(?:json|log)$/, ''));
}

function namesIn(folder: string, fs: FileSystem): string[] {
  try {
    return fs.readdir(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
