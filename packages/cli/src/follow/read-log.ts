import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { LogPrinter } from '../render/logs.js';
import { FollowedLog } from './followed-log.js';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** Prints a log from a place to its end with memory for one chunk; resolves to false without a file. */
export async function printLog(
  path: string,
  offset: number,
  printer: LogPrinter,
): Promise<boolean> {
  using log = FollowedLog.tryOpen(path);
  if (log === undefined) return false;
  log.skipTo(offset);
  const print = (bytes: Buffer): void => {
    printer.write(bytes);
  };
  while (log.read(print)) await nextTurn();
  printer.flush();
  return true;
}

/** The end of a log as text. */
export interface LogEnd {
  /** Size of the whole log. */
  readonly bytes: number;
  readonly text: string;
  /** Whether the log begins before the text. */
  readonly isCut: boolean;
}

/** At most so many bytes, from the start of a line on if there is one; undefined without a file. */
export function readLogEnd(path: string, offset: number, maxBytes: number): LogEnd | undefined {
  return withLog(path, (fd, size) => {
    const start = Math.max(offset, size - maxBytes);
    const bytes = readRange(fd, start, size);
    const isInsideLine = start > 0 && start !== offset;
    const from = isInsideLine ? bytes.indexOf(newline) + 1 : 0;
    return { bytes: size, text: bytes.toString('utf8', from), isCut: start + from > 0 };
  });
}

/** Where the last lines of a log begin. A line without an end at the end of the log counts as one. */
export function offsetOfLastLines(path: string, lines: number): number {
  return withLog(path, (fd, size) => findLines(fd, size, lines)) ?? 0;
}

function findLines(fd: number, size: number, lines: number): number {
  let missing = lines;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const bytes = readRange(fd, start, end);
    // The last byte of the log ends its last line and begins none.
    let at = end === size ? bytes.length - 2 : bytes.length - 1;
    for (at = bytes.lastIndexOf(newline, at); at >= 0; at = previousNewline(bytes, at)) {
      missing -= 1;
      if (missing === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

/** `lastIndexOf` counts a negative place from the end. */
function previousNewline(bytes: Buffer, at: number): number {
  return at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1);
}

function readRange(fd: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function withLog<Result>(
  path: string,
  use: (fd: number, size: number) => Result,
): Result | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return use(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}
