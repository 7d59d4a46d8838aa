import type { ValueReader } from './assigned-value.js';
import type { PrivacyMode } from './privacy-mode.js';
import { privateKeyRule } from './private-key.js';
import { RedactingEngine } from './redacting-engine.js';
import type { RuleBook } from './rule-book.js';

/** What became of the chunks of one stream. */
export interface RedactionCounts {
  /** Chunks with at least one byte. */
  readonly frames: number;
  /** Those from which something was taken out, but no private key. */
  readonly redactedFrames: number;
  /** Those that held a part of a private key. */
  readonly blockedFrames: number;
  /** Matches by the name of the rule. */
  readonly matches: Readonly<Record<string, number>>;
}

/** A filter for one stream. */
export interface RedactingStream {
  /**
   * What can go on of the bytes so far: bytes that may be the start of a secret wait for what comes
   * next. A complete line never waits.
   */
  push(chunk: Buffer): Buffer;
  /** The end of the stream. Of a known value that ends in the middle nothing is shown. */
  flush(): Buffer;
  readonly counts: RedactionCounts;
}

const nothing = Buffer.alloc(0);

export class RuleRedactingStream implements RedactingStream {
  readonly #engine: RedactingEngine;
  readonly #isShadow: boolean;
  #beside: RuleRedactingStream | undefined;
  readonly #matches: Record<string, number> = {};
  #frames = 0;
  #redactedFrames = 0;
  #blockedFrames = 0;
  #action: 'none' | 'redact' | 'block' = 'none';

  constructor(rules: RuleBook, values: ValueReader, mode: PrivacyMode) {
    this.#isShadow = mode === 'shadow';
    this.#engine = new RedactingEngine(rules, values, (rule) => {
      this.#count(rule);
    });
  }

  /** From now on each of the two goes on where the other one stopped. */
  standBeside(other: RuleRedactingStream): void {
    this.#beside = other;
    other.#beside = this;
  }

  get counts(): RedactionCounts {
    return {
      frames: this.#frames,
      redactedFrames: this.#redactedFrames,
      blockedFrames: this.#blockedFrames,
      matches: { ...this.#matches },
    };
  }

  push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return nothing;
    this.#frames++;
    this.#action = 'none';
    if (this.#beside !== undefined) this.#engine.continueFrom(this.#beside.#engine);
    const { covering } = this.#engine;
    if (covering !== 'nothing') this.#act(covering);
    const output = this.#engine.process(chunk, 'open');
    return this.#isShadow ? chunk : output;
  }

  flush(): Buffer {
    const output = this.#engine.process(nothing, 'cut');
    return this.#isShadow ? nothing : output;
  }

  #count(rule: string): void {
    this.#matches[rule] = (this.#matches[rule] ?? 0) + 1;
    this.#act(rule === privateKeyRule ? 'block' : 'redact');
  }

  /** One frame counts once, and a block for more than a redaction. */
  #act(action: 'redact' | 'block'): void {
    if (this.#action === action || this.#action === 'block') return;
    if (this.#action === 'redact') this.#redactedFrames--;
    if (action === 'block') this.#blockedFrames++;
    else this.#redactedFrames++;
    this.#action = action;
  }
}
