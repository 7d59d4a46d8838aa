import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';

import { CliError, usageError } from '../../errors.js';
import type { Io } from '../../io.js';

/** A lesson has 32 words. Whoever hands over far more has the wrong file. */
const maxBytes = 64 * 1024;

export interface LessonFlags {
  readonly summary: string | undefined;
  readonly summaryFile: string | undefined;
}

/**
 * The text of a lesson: as the flag has it, from a file, or from standard input.
 *
 * @throws CliError `USAGE`; the errno errors of the file system
 */
export async function readLesson(
  { summary, summaryFile }: LessonFlags,
  io: Pick<Io, 'cwd' | 'stdin'>,
): Promise<string> {
  if (summary !== undefined && summaryFile !== undefined) {
    throw usageError('`--summary` and `--summary-file` do not go together');
  }
  if (summary === '-' || summaryFile === '-') return readText(io.stdin.read(), 'standard input');
  if (summary !== undefined) return summary;
  if (summaryFile === undefined) {
    throw usageError('Expected `--summary <text>` or `--summary-file <file>`: the lesson');
  }
  const path = resolve(io.cwd, summaryFile);
  return readText(createReadStream(path) as AsyncIterable<Uint8Array>, path);
}

async function readText(pieces: AsyncIterable<Uint8Array>, from: string): Promise<string> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) {
      throw new CliError('USAGE', `The lesson from ${from} has more than ${maxBytes} bytes`);
    }
    read.push(piece);
  }
  return Buffer.concat(read).toString('utf8');
}
