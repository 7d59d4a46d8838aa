import { ZERO_KEY, secondsOfKey } from './duration-key.js';
import { VarintReader, VarintWriter } from './varints.js';

const QUANTILES = [0.5, 0.95, 0.99] as const;

/** Bins that are made on either side of the first one. */
const SPARE_BINS = 8;

export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * Counts durations in bins of equal relative width, and so tells quantiles within
 * `QUANTILE_RELATIVE_ERROR`. Sketches can be merged and durations can be taken away again.
 */
export class DurationSketch {
  /** How much is in each bin from `#first` on. */
  #bins: number[] = [];
  #first = 0;
  /** How much is in the bin `ZERO_KEY`, which is far from the others. */
  #zeros = 0;
  /** What it says, until it is changed; its bins are decoded only then. */
  #text: string | undefined = '';

  static decode(text: unknown): DurationSketch {
    if (typeof text !== 'string') throw new TypeError('Expected an encoded sketch');
    const sketch = new DurationSketch();
    sketch.#text = text;
    return sketch;
  }

  /** Counts a bin of `durationKey`; a negative weight takes it away. */
  add(key: number, weight: number): void {
    if (this.#text !== undefined) this.#change();
    this.#count(key, weight);
  }

  merge(other: DurationSketch): void {
    const filled = other.#filledBins();
    if (filled.keys.length === 0) return;
    this.#change();
    this.#countAll(filled);
  }

  /** In seconds; null where nothing is counted. */
  quantiles(): Quantiles {
    const keys = this.#text?.split('.', QUANTILES.length) ?? quantileKeys(this.#filledBins());
    const [p50, p95, p99] = keys;
    return { p50: valueOf(p50), p95: valueOf(p95), p99: valueOf(p99) };
  }

  /** The same for the same counts: the bins of the quantiles, and all bins. Empty when nothing is counted. */
  encode(): string {
    if (this.#text === undefined) {
      const filled = this.#filledBins();
      const keys = quantileKeys(filled);
      this.#text = keys.length === 0 ? '' : [...keys, encodeBins(filled)].join('.');
    }
    return this.#text;
  }

  #filledBins(): FilledBins {
    this.#load();
    const keys: number[] = [];
    const counts: number[] = [];
    if (this.#zeros !== 0) {
      keys.push(ZERO_KEY);
      counts.push(this.#zeros);
    }
    const bins = this.#bins;
    for (let at = 0; at < bins.length; at += 1) {
      const count = bins[at] ?? 0;
      if (count === 0) continue;
      keys.push(this.#first + at);
      counts.push(count);
    }
    return { keys, counts };
  }

  #countAll({ keys, counts }: FilledBins): void {
    const lowest = keys[0] === ZERO_KEY ? keys[1] : keys[0];
    const highest = keys.at(-1);
    if (lowest !== undefined && highest !== undefined) {
      const { length } = this.#bins;
      if (length === 0) this.#first = lowest;
      this.#place(Math.min(lowest, this.#first), Math.max(highest + 1, this.#first + length));
    }
    for (let at = 0; at < keys.length; at += 1) this.#count(keys[at] ?? 0, counts[at] ?? 0);
  }

  #count(key: number, weight: number): void {
    if (key === ZERO_KEY) {
      this.#zeros += weight;
      return;
    }
    let at = key - this.#first;
    if (at < 0 || at >= this.#bins.length) {
      this.#reach(key);
      at = key - this.#first;
    }
    this.#bins[at] = (this.#bins[at] ?? 0) + weight;
  }

  /** Makes the bin, and ever more besides: bins are moved whenever there are too few of them. */
  #reach(key: number): void {
    const bins = this.#bins;
    const spare = SPARE_BINS + (bins.length >> 1);
    if (bins.length === 0) this.#place(key - spare, key + spare);
    else if (key < this.#first) this.#place(key - spare, this.#first + bins.length);
    else if (key >= this.#first + bins.length) this.#place(this.#first, key + spare);
  }

  /** Has the bins from `first` to `end`, among them those that were there. */
  #place(first: number, end: number): void {
    const bins = new Array<number>(end - first).fill(0);
    const shift = this.#first - first;
    for (let at = 0; at < this.#bins.length; at += 1) bins[shift + at] = this.#bins[at] ?? 0;
    this.#bins = bins;
    this.#first = first;
  }

  /** Says something else from now on. */
  #change(): void {
    this.#load();
    this.#text = undefined;
  }

  /** Decodes the bins, where that was not done yet. */
  #load(): void {
    if (this.#bins.length > 0 || this.#zeros !== 0) return;
    if (this.#text) this.#countAll(decodeBins(this.#text));
  }
}

/** Ascending keys of bins that have something in them, and how much. */
interface FilledBins {
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/** The bin of each quantile; none where nothing is counted. */
function quantileKeys({ keys, counts }: FilledBins): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return [];
  let at = 0;
  let through = counts[0] ?? 0;
  return QUANTILES.map((quantile) => {
    const rank = quantile * (total - 1);
    while (through <= rank && at < keys.length - 1) {
      at += 1;
      through += counts[at] ?? 0;
    }
    return keys[at] ?? ZERO_KEY;
  });
}

/** Runs of adjacent bins: distance from the last run, length, and how each count differs from the last. */
function encodeBins({ keys, counts }: FilledBins): string {
  const writer = new VarintWriter();
  let end = ZERO_KEY;
  for (let at = 0; at < keys.length;) {
    const first = keys[at] ?? 0;
    let length = 1;
    while (keys[at + length] === first + length) length += 1;
    writer.unsigned(first - end);
    writer.unsigned(length);
    let last = 0;
    for (const count of counts.slice(at, at + length)) {
      writer.signed(count - last);
      last = count;
    }
    at += length;
    end = first + length;
  }
  return writer.text();
}

function decodeBins(text: string): FilledBins {
  const reader = new VarintReader(text.slice(text.lastIndexOf('.') + 1));
  const keys: number[] = [];
  const counts: number[] = [];
  let key = ZERO_KEY;
  while (!reader.done) {
    key += reader.unsigned();
    let count = 0;
    for (let length = reader.unsigned(); length > 0; length -= 1) {
      count += reader.signed();
      keys.push(key);
      counts.push(count);
      key += 1;
    }
  }
  return { keys, counts };
}

function valueOf(key: string | number | undefined): number | null {
  if (key === undefined || key === '') return null;
  return secondsOfKey(Number(key));
}
