import { similarityFrom } from '../record/similarity.js';
import type { Signature } from '../record/similarity.js';

/** What a new text is compared with. */
export interface ComparedRecord {
  readonly id: string;
  readonly signature: Signature;
}

export interface AlikeRecord {
  readonly id: string;
  readonly similarity: number;
}

/** Of the records that came last in a domain, as many are compared. */
const MOST_RECENT = 64;

/** The records of one domain that a new text is compared with. */
export class RecentTexts {
  readonly #best: ComparedRecord[];
  #recent: ComparedRecord[] = [];

  /** @param best The best of the domain, which stay. */
  constructor(best: readonly ComparedRecord[]) {
    this.#best = [...best];
  }

  add(record: ComparedRecord): void {
    // Cut in portions: taking out the first each time would move all others.
    if (this.#recent.length >= 2 * MOST_RECENT) this.#recent = this.#recent.slice(-MOST_RECENT);
    this.#recent.push(record);
  }

  remove(id: string): void {
    for (const records of [this.#best, this.#recent]) {
      const at = records.findIndex((record) => record.id === id);
      if (at !== -1) records.splice(at, 1);
    }
  }

  /** The most alike one that reaches the threshold; of several the first. */
  closest(signature: Signature, threshold: number): AlikeRecord | undefined {
    let closest: AlikeRecord | undefined;
    for (const records of [this.#best, this.#recent]) {
      for (const record of records) {
        const similarity = similarityFrom(threshold, record.signature, signature);
        if (similarity === undefined || similarity <= (closest?.similarity ?? 0)) continue;
        closest = { id: record.id, similarity };
      }
    }
    return closest;
  }
}
