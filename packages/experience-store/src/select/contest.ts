import { costOf } from './budget.js';

import type { Experience } from '../record/record.js';
import type { SelectionBudget, TextCost } from './budget.js';
import type { Entry, Rules } from './entry.js';

/** Candidates after the slots were filled. */
export interface Outcome {
  /** In the order of their slots. */
  readonly chosen: readonly Entry[];
  /** All: the chosen ones in the order of their slots, then the others by rank. */
  readonly ranking: readonly Entry[];
  /** What the lines of the chosen ones take. */
  readonly cost: TextCost;
}

export interface ContestOptions {
  readonly slots: number;
  readonly budget?: SelectionBudget | undefined;
}

/** Fills one slot after the other with the best candidate that is left: O(candidates * slots). */
export function holdContest(
  candidates: readonly Experience[],
  rules: Rules,
  options: ContestOptions,
): Outcome {
  const entries = candidates.map((experience, position) => rules.enter(experience, position));
  const purse = new Purse(options.budget ?? {});
  const chosen: Entry[] = [];
  let open = entries.filter(({ reason }) => reason === undefined);
  while (chosen.length < options.slots && open.length > 0) {
    for (const entry of open) {
      rules.rescore(entry);
      entry.reason = rules.refuse?.(entry) ?? (purse.holds(entry) ? undefined : 'over-budget');
    }
    open = open.filter(({ reason }) => reason === undefined);
    const best = bestOf(open, rules);
    if (best === undefined) break;
    const over = rules.finish?.(best);
    if (over !== undefined) {
      for (const entry of open) entry.reason = over;
      break;
    }
    chosen.push(best);
    best.slot = chosen.length;
    best.reason = 'chosen';
    open.splice(open.indexOf(best), 1);
    purse.pay(best);
    rules.picked?.(best);
  }
  const others = entries.filter(({ slot }) => slot === undefined).sort(rules.compare);
  return { chosen, ranking: [...chosen, ...others], cost: purse.spent };
}

function bestOf(entries: readonly Entry[], rules: Rules): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries) {
    if (best === undefined || rules.compare(entry, best) < 0) best = entry;
  }
  return best;
}

/** What is left of a budget. Lines are written out only where a limit asks for their size. */
class Purse {
  readonly #maxTokens: number;
  readonly #maxBytes: number;
  readonly #costs = new Map<Entry, TextCost>();
  #tokens = 0;
  #bytes = 0;

  constructor({ maxTokens = Infinity, maxBytes = Infinity }: SelectionBudget) {
    this.#maxTokens = maxTokens;
    this.#maxBytes = maxBytes;
  }

  get spent(): TextCost {
    return { tokens: this.#tokens, bytes: this.#bytes };
  }

  holds(entry: Entry): boolean {
    if (this.#maxTokens === Infinity && this.#maxBytes === Infinity) return true;
    const { tokens, bytes } = this.#costOf(entry);
    return this.#tokens + tokens <= this.#maxTokens && this.#bytes + bytes <= this.#maxBytes;
  }

  pay(entry: Entry): void {
    const { tokens, bytes } = this.#costOf(entry);
    this.#tokens += tokens;
    this.#bytes += bytes;
  }

  #costOf(entry: Entry): TextCost {
    let cost = this.#costs.get(entry);
    if (cost === undefined) this.#costs.set(entry, (cost = costOf(entry.experience)));
    return cost;
  }
}
