import type { Format, RequestedFormat } from './command.js';
import { GuardedStream } from './github/guarded-stream.js';
import type { OutputStream } from './io.js';
import { createColors } from './render/colors.js';
import type { Colors } from './render/colors.js';
import { printLine } from './render/styled-line.js';
import type { Line } from './render/styled-line.js';

/** The final word of a command, for people and for agents. */
export interface TextAnswer {
  readonly text: () => readonly Line[];
  /** @default the same as `text` */
  readonly agent?: () => readonly Line[];
}

/**
 * The one way to stdout. It keeps the promise of `--format json`, one value and nothing else, by
 * being the only thing that knows which format is on. Whatever text it is given, what reaches a
 * terminal has no control characters but line feeds, tabs and the colours that its lines ask for.
 */
export class Answer {
  /** `agent` is text too: a command that has nothing special for agents need not know of it. */
  readonly format: Format;
  /** Whether text is read by a coding agent. */
  readonly isForAgent: boolean;
  readonly #stdout: OutputStream;
  readonly #wantsColors: () => boolean;
  #given = false;

  /** @param wantsColors Whether stdout is to be coloured; asked only where a line has colours. */
  constructor(
    stdout: OutputStream,
    requested: RequestedFormat,
    wantsColors: () => boolean = () => false,
  ) {
    this.#stdout = stdout;
    this.#wantsColors = wantsColors;
    this.isForAgent = requested === 'agent';
    this.format = requested === 'agent' ? 'text' : requested;
  }

  /** Whether the final word has been said; after it, nothing more may be. */
  get given(): boolean {
    return this.#given;
  }

  /** The command's final word: lines of text, one JSON value, or the last NDJSON line. */
  give(value: object, text: (() => readonly Line[]) | TextAnswer): void {
    this.#given = true;
    if (this.format === 'text') this.#writeLines(this.#linesOf(text));
    else this.#writeJson(value, this.format === 'json' ? 2 : 0);
  }

  /** One event as it happens; only `ndjson` shows it. */
  event(value: object): void {
    if (this.format === 'ndjson') this.#writeJson(value, 0);
  }

  /**
   * A piece of an answer that is too long to be given at once. From the first one on, the final word
   * has been said: whoever writes pieces sees to it that together they are what the format promises.
   *
   * @returns Whether anybody may still read what comes next.
   */
  piece(text: string, kind: 'json' | 'text'): boolean {
    this.#given = true;
    this.#stdout.write(kind === 'json' ? this.#guardJson(text) : text);
    return this.#stdout.isAbandoned?.() !== true;
  }

  #linesOf(text: (() => readonly Line[]) | TextAnswer): readonly Line[] {
    if (typeof text === 'function') return text();
    return (this.isForAgent ? text.agent : undefined)?.() ?? text.text();
  }

  #writeLines(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    let painted: Colors | undefined;
    const colors = (): Colors =>
      (painted ??= createColors(!this.isForAgent && this.#wantsColors()));
    const text = `${lines.map((line) => printLine(line, colors)).join('\n')}\n`;
    if (this.#stdout instanceof GuardedStream) this.#stdout.writeInert(text);
    else this.#stdout.write(text);
  }

  #writeJson(value: object, indent: number): void {
    this.#stdout.write(`${this.#guardJson(JSON.stringify(value, null, indent))}\n`);
  }

  #guardJson(json: string): string {
    return this.#stdout instanceof GuardedStream ? escapeMarkers(json) : json;
  }
}

/** The older form of a workflow command counts anywhere in a line; as an escape it is the same data. */
function escapeMarkers(json: string): string {
  return json.replaceAll('##[', '#\\u0023[');
}
