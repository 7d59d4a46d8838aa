import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';

import { codeOf, messageOf, nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { MetricsLayout } from '../layout.js';
import { namesIn } from '../names-in.js';
import { parseSegmentName } from './segment-name.js';

/** One file of a history, as it was when it was looked at. */
export interface Segment {
  /** Its file name. */
  readonly name: string;
  readonly path: string;
  /** Whether entries are appended to it; it is then the last one. */
  readonly live: boolean;
  /** Whether the file is gzip; offsets still mean its content. */
  readonly compressed: boolean;
  /** Size of the file. Closed segments can grow: somebody may have opened them while they were live. */
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

/** Something that has the name of a segment and is none. */
export interface RefusedSegment {
  readonly name: string;
  readonly path: string;
  readonly reason: 'symlink' | 'not-a-file';
}

export interface SegmentSurvey {
  /** In the order of history: the closed ones by name, then the live one. */
  readonly segments: readonly Segment[];
  readonly refused: readonly RefusedSegment[];
}

export interface SegmentOptions {
  readonly fs?: FileSystem;
}

/**
 * The segments of a history in its order; none where there is no history. Where a segment exists both
 * plain and compressed, compressing it was cut short and the plain one counts.
 *
 * @throws MetricsError `HISTORY_UNREADABLE` when the folder cannot be looked at.
 */
export function listSegments(layout: MetricsLayout, options: SegmentOptions = {}): Segment[] {
  return [...surveySegments(layout, options).segments];
}

/** Looks without the lock can meet a rotation, each of which costs one more look. */
const MOST_LOOKS = 20;

/** `listSegments`, and what was left out because it is no regular file. */
export function surveySegments(layout: MetricsLayout, options: SegmentOptions = {}): SegmentSurvey {
  const { fs = nodeFileSystem } = options;
  try {
    for (let looks = 1; looks < MOST_LOOKS; looks++) {
      const survey = look(layout, fs);
      if (survey) return survey;
    }
  } catch (cause) {
    const message = `Cannot list the history in "${layout.taskDir}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_UNREADABLE', message, { path: layout.taskDir, cause });
  }
  const message = `Cannot list the history in "${layout.taskDir}": it changed at every look`;
  throw new MetricsError('HISTORY_UNREADABLE', message, { path: layout.taskDir });
}

interface FoundFile {
  readonly name: string;
  readonly stats: Stats;
}

/** `undefined` where a segment moved during the look: the result could lack one. */
function look(layout: MetricsLayout, fs: FileSystem): SegmentSurvey | undefined {
  const before = statsOf(fs, layout.historyPath);
  const found: FoundFile[] = [];
  for (const name of closedNames(fs, layout.taskDir)) {
    const stats = statsOf(fs, join(layout.taskDir, name));
    if (!stats) return undefined;
    found.push({ name, stats });
  }
  const after = statsOf(fs, layout.historyPath);
  if (before?.ino !== after?.ino) return undefined;
  if (after) found.push({ name: basename(layout.historyPath), stats: after });
  return sortOut(layout, found);
}

/** In name order, which puts a plain segment right before its compressed form. */
function closedNames(fs: FileSystem, folder: string): string[] {
  return namesIn(folder, fs).filter((name) => parseSegmentName(name) !== undefined);
}

function statsOf(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function sortOut(layout: MetricsLayout, found: readonly FoundFile[]): SegmentSurvey {
  const segments: Segment[] = [];
  const refused: RefusedSegment[] = [];
  for (const { name, stats } of found) {
    const path = join(layout.taskDir, name);
    const { size: bytes, mtimeMs, ino: inode } = stats;
    const parts = parseSegmentName(name);
    if (!stats.isFile()) {
      refused.push({ name, path, reason: stats.isSymbolicLink() ? 'symlink' : 'not-a-file' });
    } else if (!parts || segments.at(-1)?.name !== parts.plainName) {
      const compressed = parts?.compressed ?? false;
      segments.push({ name, path, live: !parts, compressed, bytes, mtimeMs, inode });
    }
  }
  return { segments, refused };
}
