import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

import { codeOf, messageOf, syncFolder, withFile } from '@codex-orchestrator/core';
import type { Clock, Durability, FileSystem } from '@codex-orchestrator/core';

import { MetricsError } from '../errors.js';
import { openFlags } from './open-flags.js';
import { UNNOTICED_PAUSE_MS } from './settled.js';

export interface AppendRequest {
  readonly durability: Durability;
  readonly fs: FileSystem;
  readonly clock: Clock;
}

/** Where appended lines landed. */
export interface AppendedLines {
  /** Bytes written, the newline in front of a healed tail included. */
  readonly bytes: number;
  /** Where the first line begins; with other writers at work, it begins here or later. */
  readonly startOffset: number;
  /** Whether somebody had left half a line, which now ends where these begin. */
  readonly healedTail: boolean;
}

/** Each try that fails has met a replacement of the very segment that it wrote to. */
const MOST_TRIES = 10;

/**
 * Appends whole lines, given with their last newline, to the live segment in one `O_APPEND` write and
 * waits for nobody. Behind half a line they begin on a new one; if that half was just being written by
 * somebody else, the result is an empty line, which readers skip.
 *
 * Core's `appendLines` waits for such a writer, follows symlinks and does not look again afterwards. Here
 * the file may be rotated, compressed or pruned between any two calls. A rotation takes the lines along.
 * Lines that came, after a long pause, into a file that had been replaced are no part of the history, and
 * are appended again. (Whoever replaces a segment looks for lines that came until then.)
 *
 * @throws MetricsError `HISTORY_WRITE_FAILED`.
 */
export function appendLines(path: string, lines: Buffer, request: AppendRequest): AppendedLines {
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const appended = openAndAppend(path, lines, request);
      if (appended) return appended;
    }
    throw new Error('it was removed again and again while it was open');
  } catch (cause) {
    const message = `Cannot append to the history "${path}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_WRITE_FAILED', message, { path, cause });
  }
}

/** `undefined` where nothing of the history holds the lines. */
function openAndAppend(
  path: string,
  lines: Buffer,
  request: AppendRequest,
): AppendedLines | undefined {
  const { fs, clock } = request;
  const startMs = clock.monotonicMs();
  return withLiveSegment(fs, path, (fd) => {
    const { size } = expectFile(fs.fstat(fd));
    const healedTail = isTorn(fs, fd, size);
    const bytes = healedTail ? Buffer.concat([Buffer.of(NEWLINE), lines]) : lines;
    writeOnce(fs, fd, bytes);
    const wasPaused = clock.monotonicMs() - startMs > UNNOTICED_PAUSE_MS;
    if (wasPaused && fs.fstat(fd).nlink === 0) return undefined;
    if (request.durability === 'power') {
      fs.fsync(fd);
      if (size === 0) syncFolder(fs, dirname(path));
    }
    return { bytes: bytes.byteLength, startOffset: healedTail ? size + 1 : size, healedTail };
  });
}

function withLiveSegment<T>(fs: FileSystem, path: string, use: (fd: number) => T): T {
  const live = { path, flags: openFlags.appendOrCreate, mode: 0o666 };
  try {
    return withFile(fs, live, use);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // Once in the life of a history.
    fs.mkdir(dirname(path), { recursive: true });
    return withFile(fs, live, use);
  }
}

function expectFile(stats: Stats): Stats {
  if (!stats.isFile()) throw new Error('it is not a regular file');
  return stats;
}

const NEWLINE = 10;

/** Ends half a line at the end of a file that is open for appending. */
export function endTornTail(fs: FileSystem, fd: number): void {
  if (isTorn(fs, fd, fs.fstat(fd).size)) writeOnce(fs, fd, Buffer.of(NEWLINE));
}

function isTorn(fs: FileSystem, fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.allocUnsafe(1);
  // Somebody cut the file in this moment: an empty line at worst.
  return fs.read(fd, last, size - 1) === 0 || last[0] !== NEWLINE;
}

/** One call, whatever the size: a second one could land behind another writer's line. */
function writeOnce(fs: FileSystem, fd: number, bytes: Buffer): void {
  const count = fs.write(fd, bytes, null);
  if (count === bytes.byteLength) return;
  throw new Error(`only ${count} of ${bytes.byteLength} bytes were written`);
}
