import { resolve } from 'node:path';

import { messageOf, writeFileAtomic } from '@codex-orchestrator/core';

import { shownPath } from '../packs/check-values.js';
import { withStamp } from './instruction-stamp.js';
import type { InstructionOptions } from './load-instructions.js';
import { instructionPaths, readInstructions } from './read-instructions.js';
import type { InstructionProblem, InstructionReading } from './read-instructions.js';

export interface StampInstructionsOptions extends InstructionOptions {
  /**
   * Files below the root, relative to it. Each of them must be there and hold something.
   *
   * @default those of the files that instructions are looked for in that are there
   */
  readonly paths?: readonly string[] | undefined;
  /**
   * Whether to report only.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
}

export interface StampedInstructions {
  /** Relative to the root. */
  readonly path: string;
  /** What stood where the stamp belongs; `null` where there was no such line. */
  readonly oldStamp: string | null;
  readonly newStamp: string;
  /** Whether the two differ. */
  readonly isChanged: boolean;
  /** Whether the file was replaced: never in a dry run. */
  readonly isWritten: boolean;
}

export interface InstructionStamping {
  readonly files: readonly StampedInstructions[];
  /** Why files got no stamp. */
  readonly problems: readonly InstructionProblem[];
}

/**
 * Writes the stamp that files of instructions should have into their first line, or such a line in
 * front of them: somebody has read them and vouches for them. The rest, a byte order mark, line
 * breaks and the mode of the file stay. Each file is replaced as a whole, and not at all where its
 * stamp is right. A file that cannot be stamped is a problem and holds up no other.
 */
export async function stampInstructions(
  options: StampInstructionsOptions,
): Promise<InstructionStamping> {
  const files: StampedInstructions[] = [];
  const problems: InstructionProblem[] = [];
  for (const path of new Set(options.paths ?? instructionPaths)) {
    const reading = readInstructions({ ...options, path });
    const stamped = await stampFile(reading, options);
    if (stamped && 'code' in stamped) problems.push(stamped);
    else if (stamped) files.push(stamped);
  }
  return { files, problems };
}

/** `undefined`: nobody asked for this file by its path, and there is nothing in it to stamp. */
async function stampFile(
  reading: InstructionReading,
  options: StampInstructionsOptions,
): Promise<StampedInstructions | InstructionProblem | undefined> {
  const { path, state, declaredStamp, expectedStamp } = reading.file;
  if (state === 'unusable') return reading.problem;
  if (expectedStamp === null) return options.paths && nothingIn(path, state === 'missing');
  const isChanged = declaredStamp?.toLowerCase() !== expectedStamp;
  const isWritten = isChanged && !options.dryRun;
  if (isWritten) {
    const { root, fs } = options;
    try {
      await writeFileAtomic(resolve(root, path), withStamp(reading.text), {
        root,
        ...(fs && { fs }),
      });
    } catch (error) {
      const message = `The stamp of ${shownPath(path)} was not written: ${messageOf(error)}`;
      return { code: 'STAMP_NOT_WRITTEN', path, message };
    }
  }
  return { path, oldStamp: declaredStamp, newStamp: expectedStamp, isChanged, isWritten };
}

function nothingIn(path: string, isMissing: boolean): InstructionProblem {
  const code = isMissing ? 'FILE_MISSING' : 'FILE_EMPTY';
  const what = isMissing ? 'there is none' : 'it holds nothing but white space';
  const message = `Cannot stamp ${shownPath(path)}: expected a text file, but ${what}. Write the instructions first.`;
  return { code, path, message };
}
