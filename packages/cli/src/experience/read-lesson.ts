import { statSync } from 'node:fs';

import { nodeFileSystem, readFile, resolveInside } from '@codex-orchestrator/core';
import type { Manifest } from '@codex-orchestrator/manifest';

import type { Io } from '../io.js';
import type { Workspace } from '../workspace.js';
import { describeLoopEnd, loopOf } from './lesson-of-loop.js';
import { describeEnd } from './lesson-of-run.js';
import type { LessonRule } from './lesson-of-run.js';

export interface LessonPorts {
  readonly workspace: Pick<Workspace, 'root'>;
  readonly io: Pick<Io, 'env'>;
}

/** A lesson is some sentences. */
const MAX_FILE_BYTES = 64 * 1024;

/** File systems keep times of files more coarsely than clocks tell them. */
const COARSE_MS = 2000;

/**
 * What a record says of a run, by its rule; undefined where there is nothing to say. A file that is
 * older than the run is none of what it wrote.
 *
 * @throws CoreError `PATH_ESCAPES_ROOT`; Error for a file of more than 64 KiB; the errno errors of the
 * file system
 */
export function readLesson(
  run: Manifest,
  { lesson }: LessonRule,
  { workspace, io }: LessonPorts,
): string | undefined {
  if (lesson === 'outcome') {
    const loop = loopOf(run);
    return loop === undefined ? describeEnd(run) : describeLoopEnd(run, loop, workspace.root);
  }
  const text = lesson === 'notes' ? io.env['NOTES'] : readText(workspace.root, lesson.file, run);
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function readText(root: string, file: string, { started_at }: Manifest): string | undefined {
  const path = resolveInside(root, file);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.mtimeMs < Date.parse(started_at) - COARSE_MS) return undefined;
  return readFile(nodeFileSystem, path, MAX_FILE_BYTES).toString('utf8');
}
