import type { Format, RequestedFormat } from './command.js';
import { GuardedStream } from './github/guarded-stream.js';
import type { OutputStream } from './io.js';
import { printable } from './render/printable.js';

/** The final word of a command, for people and for agents. */
export interface TextAnswer {
  readonly text: () => readonly string[];
  /** @default the same as `text` */
  readonly agent?: () => readonly string[];
}

/**
 * The one way to stdout. It keeps the promise of `--format json`, one value and nothing else, by
 * being the only thing that knows which format is on. Whatever text it is given, what reaches a
 * terminal has no control characters but line feeds and tabs.
 */
export class Answer {
  /** `agent` is text too: a command that has nothing special for agents need not know of it. */
  readonly format: Format;
  /** Whether text is read by a coding agent. */
  readonly isForAgent: boolean;
  readonly #stdout: OutputStream;
  #given = false;

  constructor(stdout: OutputStream, requested: RequestedFormat) {
    this.#stdout = stdout;
    this.isForAgent = requested === 'agent';
    this.format = requested === 'agent' ? 'text' : requested;
  }

  /** Whether the final word has been said; after it, nothing more may be. */
  get given(): boolean {
    return this.#given;
  }

  /** The command's final word: lines of text, one JSON value, or the last NDJSON line. */
  give(value: object, text: (() => readonly string[]) | TextAnswer): void {
    this.#given = true;
    if (this.format === 'text') this.#writeLines(this.#linesOf(text));
    else this.#writeJson(value, this.format === 'json' ? 2 : 0);
  }

  /** One event as it happens; only `ndjson` shows it. */
  event(value: object): void {
    if (this.format === 'ndjson') this.#writeJson(value, 0);
  }

  #linesOf(text: (() => readonly string[]) | TextAnswer): readonly string[] {
    if (typeof text === 'function') return text();
    return (this.isForAgent ? text.agent : undefined)?.() ?? text.text();
  }

  #writeLines(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = `${lines.map(printable).join('\n')}\n`;
    if (this.#stdout instanceof GuardedStream) this.#stdout.writeInert(text);
    else this.#stdout.write(text);
  }

  #writeJson(value: object, indent: number): void {
    const json = JSON.stringify(value, null, indent);
    const isGuarded = this.#stdout instanceof GuardedStream;
    this.#stdout.write(`${isGuarded ? escapeMarkers(json) : json}\n`);
  }
}

/** The older form of a workflow command counts anywhere in a line; as an escape it is the same data. */
function escapeMarkers(json: string): string {
  return json.replaceAll('##[', '#\\u0023[');
}
