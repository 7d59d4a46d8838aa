import type { Format } from './command.js';
import type { OutputStream } from './io.js';

/**
 * The one way to stdout. It keeps the promise of `--format json`, one value and nothing else, by
 * being the only thing that knows which format is on.
 */
export class Answer {
  readonly #stdout: OutputStream;
  readonly #format: Format;
  #given = false;

  constructor(stdout: OutputStream, format: Format) {
    this.#stdout = stdout;
    this.#format = format;
  }

  /** Whether the final word has been said; after it, nothing more may be. */
  get given(): boolean {
    return this.#given;
  }

  /** The command's final word: lines of text, one JSON value, or the last NDJSON line. */
  give(value: object, text: () => readonly string[]): void {
    this.#given = true;
    if (this.#format === 'text') this.#writeLines(text());
    else this.#stdout.write(`${JSON.stringify(value, null, this.#format === 'json' ? 2 : 0)}\n`);
  }

  /** One event as it happens; only `ndjson` shows it. */
  event(value: object): void {
    if (this.#format === 'ndjson') this.#stdout.write(`${JSON.stringify(value)}\n`);
  }

  #writeLines(lines: readonly string[]): void {
    if (lines.length > 0) this.#stdout.write(`${lines.join('\n')}\n`);
  }
}
