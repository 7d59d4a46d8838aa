import { StringDecoder } from 'node:string_decoder';

import type { OutputStream } from '../io.js';
import { printable, printableLine } from './printable.js';

/** A line without an end is held back no longer than this. */
const longestHeldBack = 64 * 1024;

/** Prints the bytes of logs. */
export interface LogPrinter {
  write(bytes: Buffer): void;
  /** Prints what is held back: the log is over. */
  flush(): void;
}

/** To a pipe or a file, the exact bytes; to a terminal, nothing that it would obey. */
export function createLogPrinter(stream: OutputStream): LogPrinter {
  if (stream.isTTY) return new TerminalPrinter(stream);
  return {
    write: (bytes) => {
      stream.write(bytes);
    },
    flush: () => undefined,
  };
}

/** Whole lines at a time, so that no escape sequence is cut in two and passes as text. */
class TerminalPrinter implements LogPrinter {
  readonly #stream: OutputStream;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  write(bytes: Buffer): void {
    const text = this.#rest + this.#decoder.write(bytes);
    const end = text.length > longestHeldBack ? text.length : text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    this.#print(text.slice(0, end));
  }

  flush(): void {
    const text = this.#rest + this.#decoder.end();
    this.#rest = '';
    this.#print(text);
    if (text !== '') this.#stream.write('\n');
  }

  #print(text: string): void {
    if (text !== '') this.#stream.write(printable(text.replace(/\r\n?/g, '\n')));
  }
}

/** What stands above one of several logs, on stderr. */
export function renderLogHeader(stageId: string, path: string): string {
  return `==> ${printableLine(stageId, 80)} (${printable(path)}) <==\n`;
}
