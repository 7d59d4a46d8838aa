import { dirname } from 'node:path';

import { createSha256, untrustedReadFlags, withFile, writeAll } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import type { CommandResult } from '@codex-orchestrator/exec';

import { clearPlace } from '../loop/own-place.js';
import type { WorldPorts } from '../loop/ports.js';

export interface ValidatorLog {
  readonly path: string;
  /** Where the output itself goes while the validator runs. */
  readonly outputPath: string;
  readonly head: string;
}

export interface ValidatorLogReport {
  /** Null where there is no file. */
  readonly file: { readonly bytes: number; readonly sha256: string } | null;
  /** What is wrong with it, as `is incomplete: …`; null where nothing is. */
  readonly problem: string | null;
}

/**
 * Makes room for the log of a validator that is about to start. What lies there from an earlier try is
 * removed first, and not written into: it could be a symlink to somewhere else.
 */
export function openValidatorLog(
  path: string,
  command: string,
  { fs, clock }: Pick<WorldPorts, 'clock' | 'fs'>,
): ValidatorLog {
  const outputPath = `${path}.output`;
  ignoringErrors(() => {
    for (const old of [path, outputPath]) clearPlace(old, { fs, loopDir: dirname(path) });
  });
  return { path, outputPath, head: `[${new Date(clock.nowMs()).toISOString()}] $ ${command}\n` };
}

/** Puts head, output and foot together in one file, and knows its digest without reading it again. */
export function closeValidatorLog(
  { path, outputPath, head }: ValidatorLog,
  { result, foot }: { readonly result: CommandResult; readonly foot: string },
  { fs, redact }: Pick<WorldPorts, 'fs' | 'redact'>,
): ValidatorLogReport {
  try {
    // Anew, and not through what the validator may have put there meanwhile.
    removeFile(path, fs);
    return withFile(fs, { path, flags: 'wx' }, (fd) => {
      const file = new DigestedFile(fd, fs);
      file.write(Buffer.from(head));
      const problem =
        result.log === undefined ? null : copyOutput(result.log, outputPath, file, fs);
      const note = problem === null ? '' : `[log] ${problem}\n`;
      file.write(Buffer.from(redact(`${file.endsLine ? '' : '\n'}${note}${foot}\n`)));
      return { file: file.finish(), problem };
    });
  } catch (error) {
    return { file: null, problem: `could not be written: ${(error as Error).message}` };
  } finally {
    removeFile(outputPath, fs);
  }
}

const chunkBytes = 256 * 1024;

/** Copies what the validator printed; returns what is wrong with it. */
function copyOutput(
  log: NonNullable<CommandResult['log']>,
  outputPath: string,
  file: DigestedFile,
  fs: FileSystem,
): string | null {
  const digest = createSha256();
  try {
    withFile(fs, { path: outputPath, flags: untrustedReadFlags }, (fd) => {
      const view = Buffer.allocUnsafe(chunkBytes);
      let left = log.bytes;
      while (left > 0) {
        const count = fs.read(fd, view.subarray(0, Math.min(left, chunkBytes)), null);
        if (count === 0) break;
        digest.update(view.subarray(0, count));
        file.write(view.subarray(0, count));
        left -= count;
      }
    });
  } catch (error) {
    if (error instanceof LogWriteError) throw error;
    return `is incomplete: ${(error as Error).message}`;
  }
  if (log.error) return `is incomplete: ${log.error.message}`;
  if (digest.digest('hex') !== log.sha256) return 'was written to by somebody else';
  return null;
}

/** The new file cannot be written, in contrast to the output that cannot be read. */
class LogWriteError extends Error {
  override readonly name = 'LogWriteError';
}

class DigestedFile {
  readonly #fd: number;
  readonly #fs: FileSystem;
  readonly #digest = createSha256();
  #bytes = 0;
  #lastByte: number | undefined;

  constructor(fd: number, fs: FileSystem) {
    this.#fd = fd;
    this.#fs = fs;
  }

  get endsLine(): boolean {
    return this.#lastByte === 0x0a;
  }

  write(bytes: Buffer): void {
    try {
      writeAll(this.#fs, this.#fd, bytes);
    } catch (cause) {
      throw new LogWriteError((cause as Error).message, { cause });
    }
    this.#digest.update(bytes);
    this.#bytes += bytes.length;
    this.#lastByte = bytes.at(-1);
  }

  finish(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#digest.digest('hex') };
  }
}

function removeFile(path: string, fs: FileSystem): void {
  ignoringErrors(() => {
    fs.unlink(path);
  });
}

/** Whatever stays in the way shows when the file is opened. */
function ignoringErrors(act: () => void): void {
  try {
    act();
  } catch {
    // See above.
  }
}
