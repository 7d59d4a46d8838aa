import { similarityOf } from '../record/similarity.js';
import type { Signature } from '../record/similarity.js';

/** From here on two texts count as saying the same. */
export const NEAR_SIMILARITY = 0.85;

export interface NearPair {
  /** Position of the text that comes later in the given order. */
  readonly at: number;
  /** Position of the one that it is like, which is like none before it. */
  readonly like: number;
}

export interface NearPairs {
  readonly pairs: readonly NearPair[];
  /** Whether a text had so many candidates that not all of them were compared. */
  readonly isLimited: boolean;
}

/** Texts that share a rare part with thousands of others are compared with so many of them. */
const MOST_CANDIDATES = 512;

/**
 * Finds texts that are like an earlier one, in the order given: who comes first stays, and later ones are
 * compared with those that stay, so no chain of small differences joins what is not alike.
 *
 * Not every pair is looked at. Of two sets with a Jaccard similarity of at least s, the n least elements
 * of each, n being its size less s times its size plus one, have one in common; so only texts that share
 * such an element are compared. That finds all pairs that comparing each with each would find, as long as
 * a signature holds all shingles of its text.
 */
export function nearPairs(
  signatures: readonly Signature[],
  similarity: number = NEAR_SIMILARITY,
): NearPairs {
  const index = new Map<number, number[]>();
  const pairs: NearPair[] = [];
  let isLimited = false;
  for (const [at, signature] of signatures.entries()) {
    const prefix = prefixOf(signature, similarity);
    const candidates = candidatesOf(prefix, index);
    if (candidates.size > MOST_CANDIDATES) isLimited = true;
    const like = firstAlike(signature, { candidates, signatures, similarity });
    if (like === undefined) addTo(index, prefix, at);
    else pairs.push({ at, like });
  }
  return { pairs, isLimited };
}

/** Signed, since those are small integers to the engine, of which keys of maps are cheap. */
function prefixOf({ shingles }: Signature, similarity: number): Int32Array {
  const size = shingles.length;
  return Int32Array.from(shingles.subarray(0, size - Math.ceil(similarity * size) + 1));
}

function candidatesOf(
  prefix: Int32Array,
  index: ReadonlyMap<number, readonly number[]>,
): Set<number> {
  const candidates = new Set<number>();
  for (const element of prefix) {
    for (const at of index.get(element) ?? []) {
      candidates.add(at);
      if (candidates.size > MOST_CANDIDATES) return candidates;
    }
  }
  return candidates;
}

function firstAlike(
  signature: Signature,
  among: {
    readonly candidates: ReadonlySet<number>;
    readonly signatures: readonly Signature[];
    readonly similarity: number;
  },
): number | undefined {
  let first: number | undefined;
  for (const at of among.candidates) {
    const other = among.signatures[at];
    if (!other || (first !== undefined && at > first)) continue;
    if (similarityOf(signature, other) >= among.similarity) first = at;
  }
  return first;
}

function addTo(index: Map<number, number[]>, prefix: Int32Array, at: number): void {
  for (const element of prefix) {
    const known = index.get(element);
    if (known) known.push(at);
    else index.set(element, [at]);
  }
}
