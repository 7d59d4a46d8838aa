// The part alone: loading the whole library takes twice as long.
// eslint-disable-next-line @nx/enforce-module-boundaries -- the rule knows the package, not its files
import { DenseStore } from '@datadog/sketches-js/dist/ddsketch/store/DenseStore.js';

import { ZERO_KEY, secondsOfKey } from './duration-key.js';
import { VarintReader, VarintWriter } from './varints.js';

const QUANTILES = [0.5, 0.95, 0.99] as const;

/** Bins that a store takes at a time. */
const STORE_CHUNK = 16;

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
  #store: DenseStore | undefined;
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
    if (this.#text !== undefined) this.#open(this.#text);
    if (key === ZERO_KEY) this.#zeros += weight;
    else this.#bins().add(key, weight);
  }

  merge(other: DurationSketch): void {
    other.#visitBins((key, count) => {
      this.add(key, count);
    });
  }

  /** In seconds; null where nothing is counted. */
  quantiles(): Quantiles {
    const [p50, p95, p99] = this.encode().split('.', QUANTILES.length);
    return { p50: valueOf(p50), p95: valueOf(p95), p99: valueOf(p99) };
  }

  /** The same for the same counts: the bins of the quantiles, and all bins. Empty when nothing is counted. */
  encode(): string {
    this.#text ??= this.#encode();
    return this.#text;
  }

  #encode(): string {
    let count = 0;
    this.#visitBins((_, inBin) => {
      count += inBin;
    });
    if (count <= 0) return '';
    const keys = QUANTILES.map((quantile) => this.#keyAt(quantile * (count - 1)));
    return [...keys, this.#encodeBins()].join('.');
  }

  /** The bin of the value that has so many below it. */
  #keyAt(rank: number): number {
    let below = 0;
    let found = ZERO_KEY;
    this.#visitBins((key, count) => {
      if (below <= rank) found = key;
      below += count;
    });
    return found;
  }

  /** Runs of bins that have something in them: distance from the last run, length, differences of counts. */
  #encodeBins(): string {
    const writer = new VarintWriter();
    let end = ZERO_KEY;
    let run: number[] = [];
    const flush = (): void => {
      writer.unsigned(run.length);
      let last = 0;
      for (const count of run) {
        writer.signed(count - last);
        last = count;
      }
    };
    this.#visitBins((key, count) => {
      if (key !== end || run.length === 0) {
        if (run.length > 0) flush();
        writer.unsigned(key - end);
        run = [];
      }
      run.push(count);
      end = key + 1;
    });
    flush();
    return writer.text();
  }

  #visitBins(visit: (key: number, count: number) => void): void {
    if (this.#text !== undefined) this.#open(this.#text);
    if (this.#zeros !== 0) visit(ZERO_KEY, this.#zeros);
    if (this.#store === undefined) return;
    const { bins, offset } = this.#store;
    for (let index = 0; index < bins.length; index += 1) {
      const count = bins[index] ?? 0;
      if (count !== 0) visit(offset + index, count);
    }
  }

  #bins(): DenseStore {
    this.#store ??= new DenseStore(STORE_CHUNK);
    return this.#store;
  }

  #open(text: string): void {
    this.#text = undefined;
    if (this.#store !== undefined || this.#zeros !== 0 || text === '') return;
    const reader = new VarintReader(text.slice(text.lastIndexOf('.') + 1));
    let key = ZERO_KEY;
    while (!reader.done) {
      key += reader.unsigned();
      let count = 0;
      for (let length = reader.unsigned(); length > 0; length -= 1) {
        count += reader.signed();
        this.add(key, count);
        key += 1;
      }
    }
  }
}

function valueOf(key: string | undefined): number | null {
  if (key === undefined || key === '') return null;
  return secondsOfKey(Number(key));
}
