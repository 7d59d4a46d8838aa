import { statSync } from 'node:fs';

import { visitLines } from '@codex-orchestrator/core';
import type { Line } from '@codex-orchestrator/core';
import { runEventSchema } from '@codex-orchestrator/manifest';
import type { RunEvent } from '@codex-orchestrator/manifest';

/** One whole line of a journal. */
export interface JournalLine {
  readonly value: object;
  /** Undefined when this version does not know such an event. */
  readonly event: RunEvent | undefined;
}

/**
 * Reads a journal as it grows: each whole line once, in order. A line whose writing was cut short is
 * not delivered, before and after a repair that takes it away.
 */
export class JournalFollower {
  readonly #path: string;
  #offset = 0;
  #unreadableLines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Lines that are no JSON; they were left out. */
  get unreadableLines(): number {
    return this.#unreadableLines;
  }

  /** Delivers what was appended since the last call; resolves to whether there was anything. */
  async read(visit: (line: JournalLine) => void): Promise<boolean> {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= this.#offset) return false;
    const before = this.#offset;
    const { tornTail, nextOffset } = await visitLines(
      this.#path,
      (line) => {
        this.#take(line, visit);
      },
      { startOffset: before, endOffset: size },
    );
    this.#offset = tornTail?.offset ?? nextOffset;
    return this.#offset > before;
  }

  #take({ terminated, text }: Line, visit: (line: JournalLine) => void): void {
    if (!terminated) return;
    const value = parseObject(text);
    if (value === undefined) this.#unreadableLines += 1;
    else visit({ value, event: eventOf(value) });
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Members that a newer version added to an event make it no other event. */
function eventOf(value: object): RunEvent | undefined {
  const issues = runEventSchema().safeParse(value).error?.issues ?? [];
  const isEvent = issues.every((issue) => issue.code === 'unrecognized_keys');
  return isEvent ? (value as RunEvent) : undefined;
}
