import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { quoteArgument, shown, shownPath } from '../packs/check-values.js';
import { createContainedReader } from '../packs/contained-file.js';
import { differsInLineBreaks, splitStamp, stampOfRest } from './instruction-stamp.js';
import type { StampedText } from './instruction-stamp.js';

/** Where instructions are looked for, relative to the root, in the order in which they count. */
export const instructionPaths = ['AGENTS.md', 'docs/AGENTS.md', '.agent/AGENTS.md'] as const;

/** A larger file is not read. */
const MAX_FILE_BYTES = 1024 * 1024;

export type InstructionProblemCode =
  | 'FILE_EMPTY'
  | 'FILE_MISSING'
  | 'FILE_UNUSABLE'
  | 'STAMP_MISSING'
  | 'STAMP_NOT_WRITTEN'
  | 'STAMP_WRONG';

/** One thing that is wrong with a file of instructions, and what puts it right. */
export interface InstructionProblem {
  readonly code: InstructionProblemCode;
  /** Relative to the root. */
  readonly path: string;
  /** Whole sentences: what was expected, what is, what to do. */
  readonly message: string;
}

/** `empty`: without anything but white space, which is as good as no file. */
export type InstructionState =
  'stamped' | 'changed' | 'unstamped' | 'empty' | 'missing' | 'unusable';

export interface InstructionFile {
  /** Relative to the root. */
  readonly path: string;
  readonly state: InstructionState;
  /** What stands where the stamp belongs; `null` where there is no such line. */
  readonly declaredStamp: string | null;
  /** The stamp that it should have; `null` where there is nothing to stamp. */
  readonly expectedStamp: string | null;
}

export interface InstructionReading {
  readonly file: InstructionFile;
  /** The whole text; empty where there is none. */
  readonly text: string;
  /** What follows the stamp, trimmed. */
  readonly content: string;
  readonly problem: InstructionProblem | undefined;
}

export interface InstructionPlace {
  readonly root: string;
  readonly path: string;
  /** @default the real file system */
  readonly fs?: FileSystem | undefined;
}

/** Reads and judges one file. Never throws. */
export function readInstructions(place: InstructionPlace): InstructionReading {
  const { root, path, fs = nodeFileSystem } = place;
  const reading = createContainedReader({ root, fs, maxBytes: MAX_FILE_BYTES })(path);
  const nothing = { text: '', content: '', problem: undefined };
  const none = { path, declaredStamp: null, expectedStamp: null };
  if (reading.kind === 'missing') return { ...nothing, file: { ...none, state: 'missing' } };
  if (reading.kind === 'unusable') {
    const problem = unusable(path, reading.detail);
    return { ...nothing, file: { ...none, state: 'unusable' }, problem };
  }
  const { text } = reading;
  if (text.trim() === '') return { ...nothing, text, file: { ...none, state: 'empty' } };
  return { text, ...judge(path, splitStamp(text)) };
}

function judge(path: string, parts: StampedText): Omit<InstructionReading, 'text'> {
  const content = parts.rest.trim();
  const expectedStamp = stampOfRest(parts.rest);
  const file = { path, declaredStamp: parts.declared, expectedStamp };
  if (parts.declared?.toLowerCase() === expectedStamp) {
    const state = content === '' ? 'empty' : 'stamped';
    return { content, file: { ...file, state }, problem: undefined };
  }
  // A line without digits, as a template has it, is the place for a stamp and not one.
  const isMissing = parts.declared === null || parts.declared === '';
  return {
    content,
    file: { ...file, state: isMissing ? 'unstamped' : 'changed' },
    problem: isMissing ? unstamped(path, expectedStamp) : changed(path, parts, expectedStamp),
  };
}

function commandFor(path: string): string {
  return `codex-orchestrator instructions stamp ${quoteArgument(path)}`;
}

function unusable(path: string, detail: string): InstructionProblem {
  const message = `The instructions of ${shownPath(path)} do not count: expected a text file, but ${detail}. Mend the file, then run: ${commandFor(path)}`;
  return { code: 'FILE_UNUSABLE', path, message };
}

function unstamped(path: string, expected: string): InstructionProblem {
  const message = `The instructions of ${shownPath(path)} do not count: expected a first line <!-- codex:instruction-stamp ${expected} -->, found none. Review them, then run: ${commandFor(path)}`;
  return { code: 'STAMP_MISSING', path, message };
}

function changed(path: string, parts: StampedText, expected: string): InstructionProblem {
  const { declared } = parts;
  const isStamp = /^[0-9a-f]{64}$/i.test(declared ?? '');
  const lineBreaks = isStamp && differsInLineBreaks(parts);
  const why = lineBreaks
    ? 'only the line breaks differ, as when git converts them'
    : isStamp
      ? 'they were changed since somebody approved them'
      : 'a stamp has 64 hexadecimal digits';
  const message = `The instructions of ${shownPath(path)} do not count: their stamp is ${shown(declared)}, expected ${expected}: ${why}. Review them, then run: ${commandFor(path)}`;
  return { code: 'STAMP_WRONG', path, message };
}
