import type { FileSystem } from '@codex-orchestrator/core';

import { MAX_LINE_BYTES, parseLogLine } from '../record/parse-line.js';
import type { LogLine } from '../record/parse-line.js';
import type { BatchPlace } from './batch-frame.js';
import { linesOfOpenFile } from './replace-lines.js';
import type { OpenLine } from './replace-lines.js';

/** Lines that count together or not at all: a whole batch, or a line that is in none. */
export interface LogUnit {
  /** The lines as they are, each with its newline. */
  readonly bytes: Buffer;
  /** What says that a line is there already, in the order of the lines. */
  readonly keys: readonly string[];
}

export interface UnitsOptions {
  readonly fs: FileSystem;
  readonly taskId: string;
  readonly from: number;
  readonly end: number;
}

/**
 * The whole units of an open log, without lines that are blank or cannot be read. Returns
 * where the next look has to begin: at what is not whole yet, or at the end.
 *
 * A batch that others' lines follow will never be whole: appends do not overlap, so its writer is gone.
 */
export function* wholeUnits(fd: number, options: UnitsOptions): Generator<LogUnit, number> {
  const { fs, from, end, taskId } = options;
  let pending: PendingBatch | undefined;
  let next = from;
  for (const line of linesOfOpenFile(fd, { fs, from, end, maxLineBytes: MAX_LINE_BYTES })) {
    if (!line.ended) break;
    const content = contentOf(line, taskId);
    if (content) {
      const { batch } = content;
      if (batch?.id !== pending?.id) pending = undefined;
      if (batch && batch.index < batch.size) pending ??= new PendingBatch(line.offset, batch.id);
      pending?.add(content);
      const isOver = batch?.index === batch?.size;
      if (isOver) yield pending?.unit() ?? unitOf([content]);
      if (isOver) pending = undefined;
    }
    next = pending?.offset ?? line.offset + line.length;
  }
  return next;
}

interface Content {
  readonly key: string;
  readonly bytes: Buffer;
  readonly batch: BatchPlace | undefined;
}

/** `undefined` for a line that says nothing to any reader. */
function contentOf({ bytes }: OpenLine, taskId: string): Content | undefined {
  if (bytes === undefined) return undefined;
  const text = bytes.toString('utf8');
  const parsed = parseLogLine(text, taskId);
  if (parsed.kind === 'blank' || parsed.kind === 'bad') return undefined;
  return { key: keyOf(parsed, text), bytes: Buffer.concat([bytes, NEWLINE]), batch: parsed.batch };
}

const NEWLINE = Buffer.from('\n');

/** A record is the same by its id, whatever else a rewrite has changed; anything else by its text. */
function keyOf(line: LogLine, text: string): string {
  return line.kind === 'record' ? `${line.record.id}\n${line.record.domain}` : text;
}

function unitOf(contents: readonly Content[]): LogUnit {
  const bytes = Buffer.concat(contents.map((each) => each.bytes));
  return { bytes, keys: contents.map((each) => each.key) };
}

class PendingBatch {
  readonly offset: number;
  readonly id: string;
  readonly #contents: Content[] = [];

  constructor(offset: number, id: string) {
    this.offset = offset;
    this.id = id;
  }

  add(content: Content): void {
    this.#contents.push(content);
  }

  unit(): LogUnit {
    return unitOf(this.#contents);
  }
}
