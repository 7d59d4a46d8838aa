import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { printable } from './render/printable.js';

const maxBytes = 16 * 1024;
const maxColumns = 400;

/**
 * The last lines of a log, safe to print, at most so many and each cut to a screenful. A log that
 * cannot be read has none: it is quoted to help, and its absence must not replace the verdict.
 */
export function readLogTail(path: string, maxLines: number): string[] {
  const text = readTail(path);
  if (text === undefined) return [];
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const shown = lines.slice(-maxLines).map((line) => cut(printable(line).trimEnd()));
  return shown.join('') === '' ? [] : shown;
}

function cut(line: string): string {
  return line.length > maxColumns ? `${line.slice(0, maxColumns)}…` : line;
}

function readTail(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return readFrom(fd, Math.max(0, fstatSync(fd).size - maxBytes));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** When it starts inside the file, the first line is a part of one and is left out. */
function readFrom(fd: number, start: number): string {
  const buffer = Buffer.alloc(maxBytes);
  const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, maxBytes, start));
  const firstBreak = text.indexOf('\n');
  return start === 0 || firstBreak === -1 ? text : text.slice(firstBreak + 1);
}
