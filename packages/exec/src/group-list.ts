import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemRandom } from '@codex-orchestrator/core';

/** Room for some five hundred groups, taken at once: a disk that fills up later does no harm. */
const roomBytes = 4096;

/** A line of numbers at the start of a file without a name, for a process that has it open as well. */
export interface GroupList {
  /** For reading from its start. */
  readonly fd: number;
  add(group: number): void;
  remove(group: number): void;
  /** Nothing is written afterwards: the descriptor may soon be another file's. */
  close(): void;
}

/** Returns undefined where no such file can be made. */
export function openGroupList(): GroupList | undefined {
  const fd = openNamelessFile();
  if (fd === undefined) return undefined;
  const groups = new Set<number>();
  let isOpen = true;
  const save = (): void => {
    if (isOpen) writeLine(fd, encodeGroups([...groups]));
  };
  return {
    fd,
    add(group) {
      groups.add(group);
      save();
    },
    remove(group) {
      groups.delete(group);
      save();
    },
    close() {
      isOpen = false;
      closeSync(fd);
    },
  };
}

/** One line that fits, without half a number at its end: that would be somebody else's. */
export function encodeGroups(groups: readonly number[]): string {
  let line = '';
  for (const group of groups) {
    const longer = line === '' ? String(group) : `${line} ${group}`;
    if (longer.length < roomBytes) line = longer;
  }
  return `${line}\n`;
}

/**
 * One call at a fixed place: whoever reads later sees the line before or the line after it. What an
 * older, longer line leaves behind the newline is not read.
 */
function writeLine(fd: number, line: string): void {
  try {
    writeSync(fd, line, 0);
  } catch {
    // The list is a safety net. A command does not fail because there is a hole in it.
  }
}

function openNamelessFile(): number | undefined {
  const name = Buffer.from(systemRandom.bytes(8)).toString('hex');
  const path = join(tmpdir(), `group-list-${name}`);
  try {
    const fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    writeSync(fd, '\n'.repeat(roomBytes), 0);
    return fd;
  } catch {
    return undefined;
  }
}
