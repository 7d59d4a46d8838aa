import type { Stats } from 'node:fs';

import { codeOf, messageOf, nodeFileSystem, withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { openFlags } from './open-flags.js';
import { replacedNames } from './replace-names.js';
import type { ReplacedName } from './replace-names.js';
import { wholeUnits } from './replace-units.js';
import type { LogUnit } from './replace-units.js';

export interface Recovery {
  /** Replacements that had been cut short, before their change or behind it. */
  readonly finished: number;
  /** Lines that were moved from the old log to the new one. */
  readonly carriedLines: number;
}

/**
 * Finishes replacements of the log that were cut short: what had been appended to the old log behind the
 * part that the new one stands for is appended to that, unless it is there. Costs one listing of a folder
 * where there is nothing to do. Can itself be cut short at any point and begun anew.
 *
 * The caller holds the lock of the layout.
 *
 * @throws ExperienceError `STORE_WRITE_FAILED`
 */
export function recoverReplacement(
  layout: ExperienceLayout,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem } = {},
): Recovery {
  let carriedLines = 0;
  try {
    const names = replacedNames(layout, fs);
    for (const name of names) carriedLines += finishReplacement(layout, name, { fs, newFrom: 0 });
    return { finished: names.length, carriedLines };
  } catch (cause) {
    const message = `Cannot finish the replacement of the log "${layout.logPath}": ${messageOf(cause)}. What is left of it stays for the next try`;
    throw new ExperienceError('STORE_WRITE_FAILED', message, { path: layout.logPath, cause });
  }
}

export interface FinishOptions {
  readonly fs: FileSystem;
  /** Behind what was copied in the new log: lines that came later are looked for from here on. */
  readonly newFrom: number;
}

/**
 * Moves what came late and removes the old log's second name; returns the number of lines moved. Where the
 * log is still the old one, nothing had been replaced and the second name is all there is to remove.
 */
export function finishReplacement(
  layout: ExperienceLayout,
  old: ReplacedName,
  options: FinishOptions,
): number {
  const { fs } = options;
  const isReplaced = !isSameFile(fs.lstat(old.path), statIfThere(fs, layout.logPath));
  const carried = isReplaced ? carryLateLines(layout, old, options) : 0;
  fs.unlink(old.path);
  return carried;
}

/** Two names of one file. Inode numbers above 2^53 are rounded, so the number of names counts too. */
function isSameFile(a: Stats, b: Stats | undefined): boolean {
  return a.ino === b?.ino && a.dev === b.dev && a.nlink > 1 && b.nlink > 1;
}

export function statIfThere(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const GROUP_BYTES = 1024 * 1024;

function carryLateLines(
  layout: ExperienceLayout,
  old: ReplacedName,
  { fs, newFrom }: FinishOptions,
): number {
  const { taskId } = layout;
  endTornTail(old.path, fs);
  return withFile(fs, { path: old.path, flags: openFlags.read }, (fd) => {
    const late = { fs, taskId, from: old.copiedBytes, end: fs.fstat(fd).size };
    let carried = 0;
    for (const group of groupsOf(wholeUnits(fd, late))) {
      const present = keysPresent(layout, group, { fs, newFrom });
      const missing = group.filter((unit) => !unit.keys.every((key) => present.has(key)));
      if (missing.length === 0) continue;
      appendDurably(layout, Buffer.concat(missing.map((unit) => unit.bytes)), fs);
      carried += missing.reduce((sum, unit) => sum + unit.keys.length, 0);
    }
    return carried;
  });
}

function* groupsOf(units: Iterable<LogUnit>): Generator<LogUnit[]> {
  let group: LogUnit[] = [];
  let bytes = 0;
  for (const unit of units) {
    group.push(unit);
    bytes += unit.bytes.byteLength;
    if (bytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

/** Which of the lines are in the new log, be it from a writer that noticed or from a try before. */
function keysPresent(
  layout: ExperienceLayout,
  group: readonly LogUnit[],
  { fs, newFrom }: FinishOptions,
): Set<string> {
  const wanted = new Set(group.flatMap((unit) => unit.keys));
  const present = new Set<string>();
  const end = statIfThere(fs, layout.logPath)?.size ?? 0;
  if (end <= newFrom) return present;
  return withFile(fs, { path: layout.logPath, flags: openFlags.read }, (fd) => {
    const { taskId } = layout;
    for (const { keys } of wholeUnits(fd, { fs, taskId, from: newFrom, end })) {
      for (const key of keys) if (wanted.has(key)) present.add(key);
    }
    return present;
  });
}

/** One write, on a new line whatever stands at the end; synced, because the old log goes next. */
function appendDurably(layout: ExperienceLayout, lines: Buffer, fs: FileSystem): void {
  endTornTail(layout.logPath, fs);
  withFile(fs, { ...APPENDING, path: layout.logPath }, (fd) => {
    writeOnce(fd, lines, fs);
    fs.fsync(fd);
  });
}

/**
 * Ends half a line at the end of a log, so that it counts if it is whole but for its newline, and harms
 * nothing else. If it is just being written, an empty line follows it.
 */
export function endTornTail(path: string, fs: FileSystem): void {
  withFile(fs, { ...APPENDING, path }, (fd) => {
    const { size } = fs.fstat(fd);
    if (size === 0) return;
    const last = Buffer.alloc(1);
    if (fs.read(fd, last, size - 1) === 1 && last[0] !== NEWLINE) {
      writeOnce(fd, Buffer.of(NEWLINE), fs);
    }
  });
}

const APPENDING = { flags: openFlags.appendOrCreate, mode: 0o666 };
const NEWLINE = 10;

function writeOnce(fd: number, bytes: Buffer, fs: FileSystem): void {
  const count = fs.write(fd, bytes, null);
  if (count === bytes.byteLength) return;
  throw new Error(`only ${count} of ${bytes.byteLength} bytes were written`);
}
