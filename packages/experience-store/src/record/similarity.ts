import { sha256Hex } from '@codex-orchestrator/core';

import { normaliseText } from './normalise-text.js';

export { normaliseText };

/** What two texts are compared by. */
export interface Signature {
  /** The least of the hashes of its shingles, each once, in ascending order. */
  readonly shingles: Uint32Array;
  /** How often it says no. */
  readonly negations: number;
}

/** SHA-256 in hex by which the same lesson of a domain is known again. */
export function contentHashOf(domain: string, text: string): string {
  return contentHashOfNormal(domain, normaliseText(text));
}

/** The same of a text that is normalised already. */
export function contentHashOfNormal(domain: string, normal: string): string {
  return sha256Hex(`${domain}\n${normal}`);
}

/** Words per shingle. */
const SHINGLE_WORDS = 3;
/** Of longer texts the sketch is an estimate; up to here it is exact. */
const MOST_SHINGLES = 256;

/**
 * The signature of a text: its runs of three words, those that begin before it and end behind it
 * included, so that a word at the edge counts as much as any other.
 */
export function signatureOf(text: string): Signature {
  return signatureOfNormal(normaliseText(text));
}

/** The same of a text that is normalised already. */
export function signatureOfNormal(normal: string): Signature {
  const words = hashWords(normal);
  const hashes = new Uint32Array(words.length + SHINGLE_WORDS - 1);
  let negations = 0;
  let before = 0;
  let last = 0;
  for (let at = 0; at < hashes.length; at++) {
    const next = words[at] ?? 0;
    if (NEGATIONS.has(next)) negations += 1;
    hashes[at] = mix(mix(mix(0x2545f491, before), last), next);
    before = last;
    last = next;
  }
  return { shingles: leastOnce(hashes), negations };
}

/**
 * How alike two texts are: the estimated Jaccard similarity of their shingles, from 0 to 1. Texts that do
 * not say no equally often are not alike at all, however few words they differ in.
 *
 * Of texts with up to 34 words, two that differ in one word, whichever, are less alike than 0.85.
 */
export function similarityOf(one: Signature, other: Signature): number {
  if (one.negations !== other.negations) return 0;
  const { shingles: a } = one;
  const { shingles: b } = other;
  let shared = 0;
  let union = 0;
  let i = 0;
  let j = 0;
  // The least hashes of both together are a sample of the union, and say the share of what is in both.
  for (; union < MOST_SHINGLES && (i < a.length || j < b.length); union++) {
    const left = a[i] ?? Infinity;
    const right = b[j] ?? Infinity;
    if (left === right) shared += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return union === 0 ? 1 : shared / union;
}

/**
 * Whether two texts are as alike as a threshold asks, from above 0 to 1: their similarity, or undefined.
 * Much faster than the similarity of texts that are not.
 */
export function similarityFrom(
  threshold: number,
  one: Signature,
  other: Signature,
): number | undefined {
  if (one.negations !== other.negations || isBeyond(threshold, one.shingles, other.shingles)) {
    return undefined;
  }
  const similarity = similarityOf(one, other);
  return similarity >= threshold ? similarity : undefined;
}

const ROUNDING = 1e-6;

/** Whether already among the least hashes more are in one alone than all may be. */
function isBeyond(threshold: number, a: Uint32Array, b: Uint32Array): boolean {
  // With d in one alone of n in both lists, the similarity is (n - d) / (n + d).
  let allowed = ((1 - threshold) / (1 + threshold)) * (a.length + b.length) + ROUNDING;
  let i = 0;
  let j = 0;
  while (allowed >= 0 && i < a.length && j < b.length) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left !== right) allowed -= 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return allowed < 0;
}

function hashWords(normal: string): number[] {
  const hashes: number[] = [];
  let hash = FNV_START;
  for (let at = 0; at <= normal.length; at++) {
    const code = at < normal.length ? normal.charCodeAt(at) : SPACE;
    if (code !== SPACE) {
      hash = Math.imul(hash ^ code, FNV_PRIME);
    } else if (hash !== FNV_START) {
      hashes.push(hash >>> 0);
      hash = FNV_START;
    }
  }
  return hashes;
}

const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const SPACE = 32;

/** `t` is what is left of words such as `don't`. */
const NEGATIONS: ReadonlySet<number> = new Set(
  hashWords('not no never none without cannot t dont cant wont isnt doesnt didnt nicht kein'),
);

function mix(lane: number, word: number): number {
  let mixed = Math.imul(lane ^ word, 0xcc9e2d51);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x1b873593);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function leastOnce(hashes: Uint32Array): Uint32Array {
  hashes.sort();
  let count = 0;
  for (const hash of hashes) {
    if (count > 0 && hashes[count - 1] === hash) continue;
    hashes[count] = hash;
    count += 1;
  }
  return hashes.subarray(0, Math.min(count, MOST_SHINGLES));
}
