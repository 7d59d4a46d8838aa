import { join } from 'node:path';

import { messageOf, nodeFileSystem, systemClock } from '@codex-orchestrator/core';
import type { Clock, FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { MetricsLayout } from '../layout.js';
import { appendLines } from './append-lines.js';
import { NewFile } from './new-file.js';
import { openSegment } from './segment-source.js';
import type { SegmentSource } from './segment-source.js';
import type { Segment } from './segments.js';
import { isSettled } from './settled.js';

export interface ReplaceOptions {
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/** What a segment is to become. */
export interface Replacement<Result> {
  /** The name of the new file; that of the old one where it is to be replaced at once. */
  readonly name: string;
  /** Writes the content; `undefined` says that it is not worth the change. */
  fill(source: SegmentSource, file: NewFile): Promise<Result | undefined>;
  /** Throws where the new file, which is durable by now, does not hold what it should. */
  verify?(written: Segment, result: Result): Promise<void>;
}

/** `recent`: somebody may still append to it; `not-worth-it`: it would not become smaller. */
export type LeftReason = 'recent' | 'not-worth-it';

export type Replaced<Result> =
  { readonly result: Result; readonly left?: never } | { readonly left: LeftReason };

/**
 * Puts new content in the place of a closed segment, and tells why not if it does not. A crash at any
 * point leaves the old file or the new one, or both where the old one counts. Lines that somebody, after
 * a long pause, appends until the very moment of the change are moved to the live segment.
 *
 * The caller holds the lock of the history.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, `HISTORY_WRITE_FAILED`.
 */
export async function replaceSegment<Result>(
  layout: MetricsLayout,
  segment: Segment,
  replacement: Replacement<Result>,
  options: ReplaceOptions,
): Promise<Replaced<Result>> {
  const { fs = nodeFileSystem, clock = systemClock } = options;
  using source = openSegment(segment, { fs });
  const before = source.stats();
  if (!isSettled(before, clock.nowMs())) return { left: 'recent' };
  try {
    using file = new NewFile(join(layout.taskDir, replacement.name), fs);
    const result = await replacement.fill(source, file);
    if (result === undefined) return { left: 'not-worth-it' };
    const written = file.finish();
    await replacement.verify?.(written, result);
    if (source.stats().size !== before.size) return { left: 'recent' };
    file.putInPlaceOf(segment);
    const late = lateLines(source, before.size);
    if (late) appendLines(layout.historyPath, late, { durability: 'power', fs, clock });
    return { result };
  } catch (cause) {
    if (cause instanceof MetricsError) throw cause;
    const message = `Cannot replace the segment "${segment.path}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_WRITE_FAILED', message, { path: segment.path, cause });
  }
}

/** What was appended behind the place; the file is open still, though it has no name any more. */
function lateLines(source: SegmentSource, from: number): Buffer | undefined {
  const bytes = source.stats().size - from;
  if (bytes <= 0) return undefined;
  const late = Buffer.alloc(bytes + 1, '\n');
  for (let length = 0; length < bytes;) {
    const count = source.read(late.subarray(length, bytes), from + length);
    if (count === 0) break;
    length += count;
  }
  return late;
}
