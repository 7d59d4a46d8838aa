import type { DomainFold } from './domain-fold.js';

/** A domain's fold as its file has it. */
export interface RememberedFold {
  readonly domain: string;
  readonly fold: DomainFold;
  readonly mark: number;
}

/** About 16 MB. */
const MOST_DOMAINS = 2048;

/** What a process that updates an index again and again knows of its files; those used last stay. */
export class IndexMemory {
  readonly #folds = new Map<string, RememberedFold>();

  /** `undefined` unless the file is the one that is remembered. */
  take(generation: string, domainHash: string, mark: number): RememberedFold | undefined {
    const key = generation + domainHash;
    const remembered = this.#folds.get(key);
    // Taken out: a fold that is at work is not what the file has until that is written.
    this.#folds.delete(key);
    return remembered?.mark === mark ? remembered : undefined;
  }

  keep(generation: string, domainHash: string, remembered: RememberedFold): void {
    this.#folds.set(generation + domainHash, remembered);
    if (this.#folds.size <= MOST_DOMAINS) return;
    for (const oldest of this.#folds.keys()) {
      this.#folds.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.#folds.clear();
  }
}
