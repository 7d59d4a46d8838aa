import { basename, relative, resolve, sep } from 'node:path';

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

/** The files that attempts write, below a run's folder, relative to it. Symlinks are not followed. */
export function attemptFiles(layout: RunLayout, fs: FileSystem): string[] {
  return [layout.commandsDir, layout.errorsDir].flatMap((folder) =>
    filesBelow(runRelative(layout, folder), layout, fs),
  );
}

/** The folder that a loop leaves its evidence in, below a run's folder. */
export const loopFolder = 'rlm';

/** What lies in it, relative to the run's folder, but for temp files. Symlinks are not followed. */
export function loopFiles(layout: RunLayout, fs: FileSystem): string[] {
  return filesBelow(loopFolder, layout, fs).filter((path) => !isTempName(basename(path)));
}

/** The folder itself and those below it, relative to the run's folder; none where there is none. */
export function loopFolders({ runDir }: Pick<RunLayout, 'runDir'>, fs: FileSystem): string[] {
  return foldersFrom(loopFolder, runDir, fs);
}

function filesBelow(folder: string, { runDir }: RunLayout, fs: FileSystem): string[] {
  const folders = foldersFrom(folder, runDir, fs);
  const isFolder = new Set(folders);
  return folders.flatMap((each) => pathsIn(each, runDir, fs).filter((path) => !isFolder.has(path)));
}

/** A folder and those below it. */
function foldersFrom(folder: string, runDir: string, fs: FileSystem): string[] {
  const isFolder = (path: string): boolean => {
    try {
      return fs.lstat(resolve(runDir, path)).isDirectory();
    } catch {
      return false;
    }
  };
  const folders = isFolder(folder) ? [folder] : [];
  // What is pushed is gone through in its turn.
  for (const each of folders) folders.push(...pathsIn(each, runDir, fs).filter(isFolder));
  return folders;
}

function pathsIn(folder: string, runDir: string, fs: FileSystem): string[] {
  return namesIn(resolve(runDir, folder), fs).map((name) => `${folder}/${name}`);
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
