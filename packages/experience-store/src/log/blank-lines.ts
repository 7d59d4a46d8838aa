import { withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { ExperienceLayout } from '../layout.js';
import type { BatchPlace } from './batch-frame.js';
import { blankLine } from './blank-line.js';
import { openFlags } from './open-flags.js';
import { writeAt } from './write-at.js';

export interface LineToBlank {
  readonly offset: number;
  /** Without the newline. */
  readonly bytes: number;
  readonly batch?: BatchPlace | undefined;
}

/**
 * Overwrites lines of the log with blanks, in place: nothing else moves, and appenders are not disturbed.
 * Synced, because a text that is to be gone must not come back with a loss of power. Cut short, it leaves
 * half a line, which is no record any more.
 *
 * The caller holds the lock of the layout, under which nobody replaces the file.
 *
 * @throws the errno errors of the file system.
 */
export function blankLines(
  layout: ExperienceLayout,
  lines: readonly LineToBlank[],
  fs: FileSystem,
): void {
  if (lines.length === 0) return;
  // Not to append: with `O_APPEND`, Linux ignores the position of a write.
  withFile(fs, { path: layout.logPath, flags: openFlags.readWrite }, (fd) => {
    for (const { bytes, batch, offset } of lines) writeAt(fs, fd, blankLine(bytes, batch), offset);
    fs.fsync(fd);
  });
}
