import { join } from 'node:path';

import { messageOf, nodeFileSystem, systemClock, withFile } from '@codex-orchestrator/core';
import type { Clock, FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import type { MetricsLayout } from '../layout.js';
import { endTornTail } from './append-lines.js';
import { openFlags } from './open-flags.js';
import { nextSegmentName, parseSegmentName } from './segment-name.js';
import { listSegments } from './segments.js';
import type { Segment } from './segments.js';

export interface RotateOptions {
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/**
 * Closes the live segment by giving it a name that comes after all others; `undefined` where nothing has
 * been appended to it. The next append begins a new one. Whoever has the file open keeps appending to it:
 * such late lines are found at the end of the closed segment.
 *
 * The caller holds the lock of the history.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, `HISTORY_WRITE_FAILED`.
 */
export function rotateLive(
  layout: MetricsLayout,
  options: RotateOptions = {},
): Segment | undefined {
  const { fs = nodeFileSystem, clock = systemClock } = options;
  const segments = listSegments(layout, { fs });
  const live = segments.at(-1);
  if (!live?.live || live.bytes === 0) return undefined;
  try {
    return withFile(fs, { path: live.path, flags: openFlags.append }, (fd) => {
      // Before too: a crash after the rename must not leave half a line in a closed segment.
      endTornTail(fs, fd);
      const { birthtimeMs, mtimeMs } = fs.fstat(fd);
      const begunMs = birthtimeMs > 0 ? birthtimeMs : mtimeMs;
      const name = unusedName(segments, { layout, fs, begunMs, nowMs: clock.nowMs() });
      const path = join(layout.taskDir, name);
      fs.rename(live.path, path);
      endTornTail(fs, fd);
      const stats = fs.fstat(fd);
      return { ...live, name, path, live: false, bytes: stats.size, mtimeMs: stats.mtimeMs };
    });
  } catch (cause) {
    const message = `Cannot rotate the history "${live.path}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_WRITE_FAILED', message, { path: live.path, cause });
  }
}

/** A rename replaces what has the name: whatever that is, segment or not, it stays. */
function unusedName(
  segments: readonly Segment[],
  request: {
    readonly layout: MetricsLayout;
    readonly fs: FileSystem;
    readonly begunMs: number;
    readonly nowMs: number;
  },
): string {
  const taken = new Set(request.fs.readdir(request.layout.taskDir));
  let previous = parseSegmentName(segments.at(-2)?.name ?? '');
  for (;;) {
    const name = nextSegmentName(previous, request);
    if (!taken.has(name) && !taken.has(`${name}.gz`)) return name;
    previous = parseSegmentName(name);
  }
}
