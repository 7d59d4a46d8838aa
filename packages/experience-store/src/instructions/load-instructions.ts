import { sha256Hex } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { errorOf } from '../errors.js';
import { instructionPaths, readInstructions } from './read-instructions.js';
import type { InstructionFile, InstructionProblem } from './read-instructions.js';

export interface InstructionOptions {
  /** The folder that the paths of instructions start from. */
  readonly root: string;
  /** @default the real file system */
  readonly fs?: FileSystem | undefined;
}

export interface LoadInstructionsOptions extends InstructionOptions {
  /**
   * Whether anything that is wrong with any file is an error.
   *
   * @default false
   */
  readonly strict?: boolean | undefined;
}

export interface InstructionLoading {
  /**
   * SHA-256 of the trimmed texts behind the stamps of the files that count, joined by a blank line;
   * `null` where none counts.
   */
  readonly hash: string | null;
  /** The files that count, relative to the root. */
  readonly sources: readonly string[];
  readonly warnings: readonly InstructionProblem[];
}

export interface InstructionCheck {
  /** Every candidate, those that are missing too. */
  readonly files: readonly InstructionFile[];
  readonly problems: readonly InstructionProblem[];
}

/**
 * Which instructions agents are given in this repository: `AGENTS.md`, `docs/AGENTS.md` and
 * `.agent/AGENTS.md`, those of them that are there and whose first line
 * `<!-- codex:instruction-stamp <SHA-256> -->` fits.
 *
 * The stamp covers what follows the line break behind the comment (`\n`, or `\r\n` as a whole), with
 * its line breaks as they stand; a byte order mark in front of the comment is not covered. A file with
 * another stamp or with none does not count and comes with a warning. Missing and blank files are nothing.
 *
 * @throws ExperienceError `INSTRUCTIONS_INVALID` where `strict` is set and anything is wrong; its
 * `problems` are the messages of all of it.
 */
export function loadInstructions(options: LoadInstructionsOptions): InstructionLoading {
  const readings = instructionPaths.map((path) => readInstructions({ ...options, path }));
  const warnings = readings.flatMap(({ problem }) => problem ?? []);
  if (options.strict && warnings.length > 0) {
    throw errorOf('INSTRUCTIONS_INVALID', 'Cannot use the instructions', warnings);
  }
  const used = readings.filter(({ file }) => file.state === 'stamped');
  return {
    hash: used.length === 0 ? null : sha256Hex(used.map(({ content }) => content).join('\n\n')),
    sources: used.map(({ file }) => file.path),
    warnings,
  };
}

/** What `loadInstructions` would find in each file. Never throws. */
export function checkInstructions(options: InstructionOptions): InstructionCheck {
  const readings = instructionPaths.map((path) => readInstructions({ ...options, path }));
  return {
    files: readings.map(({ file }) => file),
    problems: readings.flatMap(({ problem }) => problem ?? []),
  };
}
