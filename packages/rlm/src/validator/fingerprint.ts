import { sha256Hex } from '@codex-orchestrator/core';
import type { CommandOutput, OutputStream } from '@codex-orchestrator/exec';

import { LastBytes } from './last-bytes.js';
import { normaliseOutput } from './normalise-output.js';

/**
 * Digest of what an output says, without what changes from run to run by itself (`normaliseOutput`).
 * The order of lines does not count, because tests that run side by side end in any order; how often a
 * line is there does.
 */
export function fingerprintOf(text: string, folders: readonly string[] = []): string {
  return digestOf(normaliseOutput(text, folders));
}

/** The fingerprint of a command: of how it ended, and of both of its streams. */
export function fingerprintOfCommand(
  end: string,
  sample: OutputSample,
  folders: readonly string[] = [],
): string {
  const lines = sample.texts().flatMap((text) => normaliseOutput(text, folders));
  return digestOf([`[end] ${end}`, ...lines]);
}

function digestOf(lines: readonly string[]): string {
  return sha256Hex(lines.toSorted().join('\n'));
}

/** What is kept of the start and, again, of the end of each stream. */
const partBytes = 128 * 1024;

/**
 * The start and the end of each stream of a command, in bounded memory and at the cost of a copy. A
 * stream that fits is there as a whole. Of a longer one there are whole lines, as many as a power of two
 * at either end: were it as many as fit, a duration with one digit more would change which they are.
 */
export class OutputSample {
  readonly #streams: Readonly<Record<OutputStream, StreamSample>> = {
    stdout: new StreamSample(),
    stderr: new StreamSample(),
  };

  add({ stream, bytes }: CommandOutput): void {
    this.#streams[stream].add(bytes);
  }

  /** Text of the standard output, then that of the standard error. */
  texts(): readonly string[] {
    return [...this.#streams.stdout.texts(), ...this.#streams.stderr.texts()];
  }
}

class StreamSample {
  #head: Buffer | undefined;
  #headBytes = 0;
  readonly #tail = new LastBytes(partBytes);

  add(bytes: Buffer): void {
    this.#head ??= Buffer.allocUnsafeSlow(partBytes);
    const taken = bytes.copy(this.#head, this.#headBytes);
    this.#headBytes += taken;
    if (taken < bytes.length) this.#tail.add(bytes.subarray(taken));
  }

  texts(): readonly string[] {
    const head = this.#head?.subarray(0, this.#headBytes) ?? Buffer.alloc(0);
    const tail = this.#tail.bytes();
    if (!this.#tail.isCut) return [Buffer.concat([head, tail]).toString('utf8')];
    const first = head.toString('utf8').split('\n').slice(0, -1);
    const last = tail.toString('utf8').split('\n').slice(1);
    return [
      first.slice(0, powerOfTwoWithin(first.length)).join('\n'),
      last.slice(last.length - powerOfTwoWithin(last.length)).join('\n'),
    ];
  }
}

function powerOfTwoWithin(count: number): number {
  return count === 0 ? 0 : 2 ** Math.floor(Math.log2(count));
}
