import type { Stats } from 'node:fs';

import { codeOf, messageOf, sweepTempFiles, syncFolder, writeAll } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { portsOf } from '../ports.js';
import type { PortOptions } from '../ports.js';
import { openFlags } from './open-flags.js';
import { newLogPath, replacedNameOf } from './replace-names.js';
import { finishReplacement } from './replace-recover.js';
import type { OpenLog } from './replace-source.js';
import { wholeUnits } from './replace-units.js';

export interface ReplacePorts extends PortOptions {
  /** Looked at for the last time right before the change; also that of the lock. */
  readonly signal?: AbortSignal | undefined;
}

/** What the log is to become. */
export interface LogReplacement {
  /** The log as which it was read; closed before the change, which Windows asks for. */
  readonly log: OpenLog;
  /** What `fill` stands for: the log's first bytes, up to the end of a line and of a batch. */
  readonly coveredBytes: number;
  /** Writes whole lines, each with its newline. */
  readonly fill: (write: (lines: Uint8Array) => void) => Promise<void>;
}

export interface ReplacedLog {
  readonly bytes: number;
  /** Lines that others appended while this went on, and that came along as they were. */
  readonly carriedLines: number;
}

/**
 * Puts a new log in the place of the old one while others append to it, and loses none of their lines:
 *
 * 1. the new log is written under another name, with what came meanwhile at its end, and synced; a crash
 *    leaves a temporary file;
 * 2. the header of the index goes, so that no index of the old log can be taken for one of the new;
 * 3. the old log gets a second name, which tells how much of it the new one stands for; a crash leaves
 *    that name, and the old log in force;
 * 4. the new log takes the name of the log: from now on it counts;
 * 5. lines that came to the old log since the copy are appended to the new one, and the second name goes.
 *    After a crash in between the next holder of the lock does this (`recoverReplacement`).
 *
 * Whoever had the old log open and writes to it after step 4 finds, when it looks at the path again, that
 * it wrote to a file that is no longer the log, and sees to its lines itself.
 *
 * The caller holds the lock of the layout and has called `recoverReplacement`.
 *
 * @throws ExperienceError `STORE_WRITE_FAILED`: the log is the old one or the new one, whole in both cases.
 */
export async function replaceLog(
  layout: ExperienceLayout,
  replacement: LogReplacement,
  ports: ReplacePorts = {},
): Promise<ReplacedLog> {
  const { fs, random } = portsOf(ports);
  const { signal } = ports;
  const newPath = newLogPath(layout, random);
  try {
    const written = await writeNewLog(newPath, { layout, replacement, fs });
    signal?.throwIfAborted();
    replacement.log[Symbol.dispose]();
    expectSameLog(layout, replacement.log, fs);
    return changeOver(layout, { ...written, newPath }, fs);
  } catch (cause) {
    removeQuietly(newPath, fs);
    if (signal?.aborted && cause === signal.reason) throw cause;
    const message = `Cannot replace the log "${layout.logPath}": ${messageOf(cause)}`;
    throw new ExperienceError('STORE_WRITE_FAILED', message, { path: layout.logPath, cause });
  }
}

/** Removes what killed replacements left half written. The caller holds the lock. */
export async function sweepNewLogs(
  layout: ExperienceLayout,
  ports: PortOptions = {},
): Promise<void> {
  const { fs, clock } = portsOf(ports);
  await sweepTempFiles(layout.taskOutDir, { olderThanMs: 0, fs, clock });
}

interface NewLog {
  readonly bytes: number;
  readonly coveredBytes: number;
  readonly carriedLines: number;
}

async function writeNewLog(
  path: string,
  job: {
    readonly layout: ExperienceLayout;
    readonly replacement: LogReplacement;
    readonly fs: FileSystem;
  },
): Promise<NewLog> {
  const { layout, replacement, fs } = job;
  const fd = fs.open(path, openFlags.create, 0o600);
  let bytes = 0;
  const write = (lines: Uint8Array): void => {
    writeAll(fs, fd, lines);
    bytes += lines.byteLength;
  };
  try {
    await replacement.fill(write);
    const caughtUp = catchUp(layout, { ...replacement, write }, fs);
    adoptIdentity(fs, fd, replacement.log.stats);
    fs.fsync(fd);
    const { size } = fs.fstat(fd);
    if (size !== bytes) throw new Error(`the new log has ${size} of ${bytes} bytes`);
    const done = { bytes, ...caughtUp };
    fs.close(fd);
    return done;
  } catch (error) {
    closeQuietly(fs, fd);
    throw error;
  }
}

/** What comes during this is less each time; the rest is carried after the change. */
const MOST_ROUNDS = 4;

function catchUp(
  layout: ExperienceLayout,
  job: {
    readonly log: OpenLog;
    readonly coveredBytes: number;
    readonly write: (lines: Uint8Array) => void;
  },
  fs: FileSystem,
): Pick<NewLog, 'coveredBytes' | 'carriedLines'> {
  const { taskId } = layout;
  const { fd } = job.log;
  let { coveredBytes } = job;
  let carriedLines = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const end = fs.fstat(fd).size;
    const units = wholeUnits(fd, { fs, taskId, from: coveredBytes, end });
    let next = units.next();
    for (; !next.done; next = units.next()) {
      job.write(next.value.bytes);
      carriedLines += next.value.keys.length;
    }
    if (next.value === coveredBytes) break;
    coveredBytes = next.value;
  }
  return { coveredBytes, carriedLines };
}

/** Somebody who asks for no lock may have put another file there by hand. */
function expectSameLog(layout: ExperienceLayout, log: OpenLog, fs: FileSystem): void {
  const now = fs.lstat(layout.logPath);
  if (now.ino === log.stats.ino && now.dev === log.stats.dev) return;
  throw new Error('meanwhile another file has its name');
}

/** Synchronous: nobody else in this process sees a state in between. */
function changeOver(
  layout: ExperienceLayout,
  written: NewLog & { readonly newPath: string },
  fs: FileSystem,
): ReplacedLog {
  removeIfThere(layout.indexPath, fs);
  removeIfThere(layout.contentTablePath, fs);
  const old = replacedNameOf(layout, written.coveredBytes);
  fs.link(layout.logPath, old.path);
  try {
    fs.rename(written.newPath, layout.logPath);
    syncFolder(fs, layout.taskOutDir);
  } catch (error) {
    // Whether it was renamed shows on disk alone, and losing what came late would be worse than the name.
    undoOrFinish(layout, old, fs);
    throw error;
  }
  const late = finishReplacement(layout, old, { fs, newFrom: written.bytes });
  const { size } = fs.stat(layout.logPath);
  return { bytes: size, carriedLines: written.carriedLines + late };
}

function undoOrFinish(
  layout: ExperienceLayout,
  old: ReturnType<typeof replacedNameOf>,
  fs: FileSystem,
): void {
  try {
    finishReplacement(layout, old, { fs, newFrom: 0 });
  } catch {
    // The first error says more, and the next holder of the lock tries again.
  }
}

function adoptIdentity(fs: FileSystem, fd: number, old: Stats): void {
  const made = fs.fstat(fd);
  if (old.uid !== made.uid || old.gid !== made.gid) {
    try {
      fs.fchown(fd, old.uid, old.gid);
    } catch (error) {
      // Who may not give a file away stays its owner, as with any file that is replaced.
      if (!['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP'].includes(codeOf(error) ?? '')) throw error;
    }
  }
  fs.fchmod(fd, old.mode & 0o777);
}

function removeIfThere(path: string, fs: FileSystem): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
  }
}

function removeQuietly(path: string, fs: FileSystem): void {
  try {
    fs.unlink(path);
  } catch {
    // Gone, or left for the next sweep.
  }
}

function closeQuietly(fs: FileSystem, fd: number): void {
  try {
    fs.close(fd);
  } catch {
    // The first error counts.
  }
}
