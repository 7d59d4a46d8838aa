import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import { slugify } from '@codex-orchestrator/core';
import type { RunId, TaskId } from '@codex-orchestrator/core';

export interface LayoutOptions {
  /** The repository root. */
  readonly root: string;
  /**
   * Where runs are kept; relative to the root.
   *
   * @default '.runs'
   */
  readonly runsDir?: string;
  /**
   * Where results that outlive runs are kept; relative to the root.
   *
   * @default 'out'
   */
  readonly outDir?: string;
}

export interface TaskLayoutOptions extends LayoutOptions {
  readonly taskId: TaskId;
}

export interface RunLayoutOptions extends TaskLayoutOptions {
  readonly runId: RunId;
}

/** Absolute paths of what one root holds. */
export interface RootLayout {
  readonly root: string;
  readonly runsDir: string;
  readonly outDir: string;
  /** A path as records name it: relative to the root with `/`, absolute when it lies outside. */
  relative(path: string): string;
}

/** Absolute paths of what one task owns. */
export interface TaskLayout extends RootLayout {
  readonly taskId: TaskId;
  readonly taskDir: string;
  /** The folder with one folder per run. */
  readonly taskRunsDir: string;
  /** The folder with one empty file per run that nobody has sealed yet. */
  readonly activeDir: string;
  readonly taskOutDir: string;
}

/** Absolute paths of what one run leaves. Nothing here touches the disk. */
export interface RunLayout extends TaskLayout {
  readonly runId: RunId;
  readonly runDir: string;
  readonly manifestPath: string;
  readonly journalPath: string;
  readonly commandsDir: string;
  readonly errorsDir: string;
  /** Proof that its holder may resume the run; only its owner can read it. */
  readonly resumeTokenPath: string;
  readonly signaturePath: string;
  /** Held while somebody takes over a run whose owner is gone; beside the folder, not in it. */
  readonly lockPath: string;
  /** There from before the record is published until it is sealed. */
  readonly activeMarkerPath: string;
  /** `commands/NN-<slug>.log`; the first stage has index 1. */
  stageLogPath(index: number, stageId: string): string;
  /** `errors/NN-<slug>.json`. */
  stageErrorPath(index: number, stageId: string): string;
}

/** The files of a run, named inside any folder: the record is built in one and renamed to another. */
export interface RunFolder {
  readonly runDir: string;
  readonly manifestPath: string;
  readonly journalPath: string;
  readonly commandsDir: string;
  readonly errorsDir: string;
  readonly resumeTokenPath: string;
  readonly signaturePath: string;
}

export function createRootLayout(options: LayoutOptions): RootLayout {
  const root = resolve(options.root);
  return {
    root,
    runsDir: resolve(root, options.runsDir ?? '.runs'),
    outDir: resolve(root, options.outDir ?? 'out'),
    relative: (path) => pathFrom(root, path),
  };
}

export function createTaskLayout(options: TaskLayoutOptions): TaskLayout {
  const { taskId } = options;
  const base = createRootLayout(options);
  const taskDir = join(base.runsDir, taskId);
  return {
    ...base,
    taskId,
    taskDir,
    taskRunsDir: join(taskDir, 'cli'),
    activeDir: join(taskDir, 'cli', '.active'),
    taskOutDir: join(base.outDir, taskId),
  };
}

/** The one place where the paths of a run are computed. */
export function createRunLayout(options: RunLayoutOptions): RunLayout {
  const { runId } = options;
  const task = createTaskLayout(options);
  const folder = createRunFolder(join(task.taskRunsDir, runId));
  return {
    ...task,
    ...folder,
    runId,
    activeMarkerPath: join(task.activeDir, runId),
    lockPath: join(task.taskRunsDir, `.${runId}.lock`),
    stageLogPath: (index, stageId) =>
      join(folder.commandsDir, `${stageFileStem(index, stageId)}.log`),
    stageErrorPath: (index, stageId) =>
      join(folder.errorsDir, `${stageFileStem(index, stageId)}.json`),
  };
}

export function createRunFolder(runDir: string): RunFolder {
  return {
    runDir,
    manifestPath: join(runDir, 'manifest.json'),
    journalPath: join(runDir, 'runner.ndjson'),
    commandsDir: join(runDir, 'commands'),
    errorsDir: join(runDir, 'errors'),
    resumeTokenPath: join(runDir, '.resume-token'),
    signaturePath: join(runDir, 'signature.json'),
  };
}

function stageFileStem(index: number, stageId: string): string {
  return `${String(index).padStart(2, '0')}-${slugify(stageId)}`;
}

/** A step that a path can do without. */
const idleStep = /\/\.{0,2}(?:\/|$)/;

function pathFrom(root: string, path: string): string {
  // Nearly every path is one of ours, inside the root; `relative` takes apart both of them each time.
  if (sep === '/' && path.startsWith(`${root}/`) && !idleStep.test(path)) {
    return path.slice(root.length + 1);
  }
  const absolute = resolve(root, path);
  const way = relative(root, absolute);
  const outside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  return (outside ? absolute : way).split(sep).join('/');
}
