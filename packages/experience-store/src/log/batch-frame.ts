import type { RandomSource } from '@codex-orchestrator/core';

/** Which line of which batch a line is. */
export interface BatchPlace {
  /** 8 hex digits, the same in all lines of a batch. */
  readonly id: string;
  /** From 1. */
  readonly index: number;
  readonly size: number;
}

/**
 * Makes lines one batch, of which readers count all or none: each object gets, as its last member, which
 * line of how many it is. A batch is written at once, so after a crash only its first lines can be there,
 * and without its last one they count for nothing. A single line needs no frame and is returned as it is.
 *
 * @param lines JSON objects with at least one member, as `JSON.stringify` writes them.
 */
export function encodeBatch(lines: readonly string[], random: RandomSource): string[] {
  const size = lines.length;
  if (size < 2) return [...lines];
  const id = Buffer.from(random.bytes(4)).toString('hex');
  return lines.map((line, at) => line.slice(0, -1) + frameOf({ id, index: at + 1, size }));
}

/**
 * What the last line of a batch ends with, in the bytes of the log: if it is behind one line of the
 * batch, all of them are there. It cannot be a part of a text, whose quotes are escaped.
 */
export function batchEndNeedle({ id, size }: BatchPlace): string {
  return frameOf({ id, index: size, size });
}

/** The place that a `batch` member names; `undefined` for anything else. */
export function parseBatchPlace(member: unknown): BatchPlace | undefined {
  if (typeof member !== 'string') return undefined;
  const match = FRAME.exec(member);
  if (!match) return undefined;
  const [, id = '', index, size] = match;
  const place = { id, index: Number(index), size: Number(size) };
  return place.size >= 2 && place.index <= place.size ? place : undefined;
}

const FRAME = /^([0-9a-f]{8}):([1-9]\d{0,6})\/([1-9]\d{0,6})$/;

function frameOf({ id, index, size }: BatchPlace): string {
  return `,"batch":"${id}:${index}/${size}"}`;
}
