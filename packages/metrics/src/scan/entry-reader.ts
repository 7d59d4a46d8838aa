import { factsOf } from '../entry/facts-of.js';
import type { EntryFacts } from '../fold/facts.js';
import { RunHasher } from '../index/run-hash.js';
import { EntryView } from './entry-view.js';

/** Why a line is no entry: it is no JSON, or JSON that lacks what an entry needs. */
export type EntryProblem = 'not-json' | 'not-an-entry';

/**
 * Reads entries from the bytes of lines, to the same facts as `JSON.parse` of the trimmed text and
 * `factsOf`. The facts are one view that the next `read` overwrites. Readers share nothing.
 */
export class EntryReader {
  /** How many lines had to be parsed as a whole. */
  fallbacks = 0;
  /** Of the line that was read last, where it is damaged. */
  problem: EntryProblem | undefined;
  /** Whether the line that was read last is nothing but white space. */
  blank = false;

  readonly #view = new EntryView();
  readonly #hasher = new RunHasher();

  /** The hash of the run id that was read last. */
  get hashHigh(): number {
    return this.#hasher.high;
  }

  get hashLow(): number {
    return this.#hasher.low;
  }

  /** The facts of the line `buffer[start..end]`; `undefined` where it is blank or damaged. */
  read(buffer: Buffer, start: number, end: number): EntryFacts | undefined {
    return this.#parse(buffer.toString('utf8', start, end).trim());
  }

  #parse(text: string): EntryFacts | undefined {
    this.blank = text === '';
    this.problem = undefined;
    if (this.blank) return undefined;
    this.fallbacks += 1;
    const facts = this.#factsOf(text);
    if (facts === undefined) return undefined;
    const runId = Buffer.from(facts.runId);
    this.#hasher.hash(runId, 0, runId.byteLength);
    return Object.assign(this.#view, facts);
  }

  #factsOf(text: string): EntryFacts | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.problem = 'not-json';
      return undefined;
    }
    const facts = factsOf(value);
    if (facts === undefined) this.problem = 'not-an-entry';
    return facts;
  }
}
