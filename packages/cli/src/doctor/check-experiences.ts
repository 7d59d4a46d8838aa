import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { messageOf, nodeFileSystem } from '@codex-orchestrator/core';
import { createExperienceLayout, inspectIndex } from '@codex-orchestrator/experience-store';
import type { ExperienceLayout } from '@codex-orchestrator/experience-store';

import type { Check } from '../doctor-checks.js';
import { formatBytes } from '../render/bytes.js';
import { countOf } from '../render/metrics-numbers.js';
import { taskFoldersIn } from '../task-folders.js';
import type { Workspace } from '../workspace.js';

const id = 'experiences';

/** Tasks that are named; more of them say nothing new. */
const namedTasks = 3;

/** The end of a log that is looked at: what a writer that died has left is there. */
const tailBytes = 64 * 1024;

/** Whoever appends brings the index up to date far sooner. */
const staleBytes = 1024 * 1024;

interface Complaint {
  readonly taskId: string;
  readonly words: string;
}

/** Looks at the index and at the end of each task's log: as quick for a long log as for a short one. */
export function checkExperiences({
  runsDir,
  outDir,
}: Pick<Workspace, 'outDir' | 'runsDir'>): Check {
  try {
    const findings = taskFoldersIn(outDir)
      .map((taskId) => complaintsAbout(createExperienceLayout({ taskId, runsDir, outDir })))
      .filter((found) => found !== undefined);
    return judge(findings.length, findings.flat());
  } catch (error) {
    const message = messageOf(error);
    return { id, status: 'warning', message };
  }
}

function judge(tasks: number, complaints: readonly Complaint[]): Check {
  const [first] = complaints;
  if (first === undefined) {
    const message = tasks === 0 ? 'none yet' : `${countOf(tasks, 'task')} with experiences`;
    return { id, status: 'ok', message };
  }
  const named = complaints.slice(0, namedTasks).map(({ taskId, words }) => `${taskId}: ${words}`);
  const more = complaints.length - named.length;
  return {
    id,
    status: 'warning',
    message: [...named, ...(more > 0 ? [`and ${countOf(more, 'more')}`] : [])].join('; '),
    hint: `codex-orchestrator experience audit --task ${first.taskId}`,
  };
}

/** Undefined for a task without experiences. */
function complaintsAbout(layout: ExperienceLayout): Complaint[] | undefined {
  const fd = openLog(layout.logPath);
  if (fd === undefined) return undefined;
  try {
    const { size } = fstatSync(fd);
    const { state, coveredBytes } = inspectIndex(layout, { fd, wholeBytes: size }, nodeFileSystem);
    const behind = size - coveredBytes;
    const unreadable = countUnreadable(fd, size);
    return [
      ...(state === 'refused' ? ['an index that cannot be used'] : []),
      ...(state === 'behind' && behind > staleBytes
        ? [`an index that is ${formatBytes(behind)} behind`]
        : []),
      ...(unreadable > 0 ? [`${countOf(unreadable, 'line')} at the end that cannot be read`] : []),
    ].map((words) => ({ taskId: layout.taskId, words }));
  } finally {
    closeSync(fd);
  }
}

/** Whole lines alone: of the last one somebody may be writing the rest. */
function countUnreadable(fd: number, size: number): number {
  const from = Math.max(0, size - tailBytes);
  const buffer = Buffer.alloc(Math.min(size, tailBytes));
  const bytes = readSync(fd, buffer, 0, buffer.byteLength, from);
  const lines = buffer.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  return lines.slice(from === 0 ? 0 : 1).filter((line) => line.trim() !== '' && !isObject(line))
    .length;
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Undefined where there is no log; what is no file is left alone, as opening it may never end. */
function openLog(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? openSync(path, 'r')
    : undefined;
}
