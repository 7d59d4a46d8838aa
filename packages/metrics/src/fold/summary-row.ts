import { durationKey } from './duration-key.js';
import { DurationSketch } from './duration-sketch.js';
import { ExactSums } from './exact-sum.js';
import { expectArray, expectInteger } from './expect-encoded.js';
import type { JsonValue } from './reducer.js';

/** Members of an encoded row. */
const ROW_LENGTH = 8;

export interface DurationSummary {
  /** How many have a duration. */
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What runs of a pipeline, or executions of a stage, have come to. */
export class SummaryRow {
  runs = 0;
  succeeded = 0;
  failed = 0;
  /** Ended before they were done, or never began. */
  skipped = 0;
  #durations = 0;
  readonly #sums: ExactSums;
  /** Its sums among those of all rows. */
  readonly #duration: number;
  /** Attempts besides the first of each: mostly, there is nothing to add. */
  readonly #repeats: number;
  #sketch = new DurationSketch();

  /** @param sums - shared by rows, for a table each takes much more memory than what is in it */
  constructor(sums: ExactSums) {
    this.#sums = sums;
    this.#duration = sums.allocate();
    this.#repeats = sums.allocate();
  }

  /** @throws anything at all when `encode` gives no such thing. */
  static decode(value: unknown, sums: ExactSums): SummaryRow {
    const [runs, succeeded, failed, skipped, durations, duration, repeats, sketch] = expectArray(
      value,
      ROW_LENGTH,
    );
    const row = new SummaryRow(sums);
    row.runs = expectInteger(runs);
    row.succeeded = expectInteger(succeeded);
    row.failed = expectInteger(failed);
    row.skipped = expectInteger(skipped);
    row.#durations = expectInteger(durations);
    sums.addEncoded(row.#duration, duration);
    sums.addEncoded(row.#repeats, repeats);
    row.#sketch = DurationSketch.decode(sketch);
    return row;
  }

  count(
    status: string,
    durationSeconds: number | null | undefined,
    attempts: number,
    weight: 1 | -1,
  ): void {
    this.runs += weight;
    if (status === 'succeeded') this.succeeded += weight;
    else if (status === 'failed') this.failed += weight;
    else if (status === 'skipped' || status === 'cancelled') this.skipped += weight;
    if (attempts !== 1) this.#sums.add(this.#repeats, weight * (attempts - 1));
    if (durationSeconds === null || durationSeconds === undefined) return;
    this.#durations += weight;
    this.#sums.add(this.#duration, weight * durationSeconds);
    this.#sketch.add(durationKey(durationSeconds), weight);
  }

  merge(later: SummaryRow): void {
    this.runs += later.runs;
    this.succeeded += later.succeeded;
    this.failed += later.failed;
    this.skipped += later.skipped;
    this.#durations += later.#durations;
    this.#sums.merge(this.#duration, later.#sums, later.#duration);
    this.#sums.merge(this.#repeats, later.#sums, later.#repeats);
    this.#sketch.merge(later.#sketch);
  }

  encode(): JsonValue[] {
    return [
      this.runs,
      this.succeeded,
      this.failed,
      this.skipped,
      this.#durations,
      this.#sums.encode(this.#duration),
      this.#sums.encode(this.#repeats),
      this.#sketch.encode(),
    ];
  }

  attempts(): number {
    const sums = new ExactSums(1);
    sums.add(0, this.runs);
    sums.merge(0, this.#sums, this.#repeats);
    return sums.read(0);
  }

  durations(): DurationSummary {
    const count = this.#durations;
    return {
      count,
      mean: count > 0 ? this.#sums.read(this.#duration) / count : null,
      ...this.#sketch.quantiles(),
    };
  }
}
