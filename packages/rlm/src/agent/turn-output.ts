import type { CommandOutput } from '@codex-orchestrator/exec';

import type { AgentEvent, EventReader } from './agent.js';
import type { EventFile } from './event-file.js';
import { LineCutter } from './line-cutter.js';
import type { TurnNotes } from './turn-notes.js';

export interface TurnOutputOptions {
  /** Undefined for an agent that prints no events: any output of it is a sign of progress then. */
  readonly reader: EventReader | undefined;
  readonly notes: TurnNotes;
  readonly file: EventFile;
  readonly onProgress: () => void;
  /** Told of each event after it was noted. */
  readonly onEvent: (event: AgentEvent) => void;
}

const openingBrace = 0x7b;

/** Longer than any event that says something: what long ones have is output of tools. */
const maxEventBytes = 4 * 1024 * 1024;
const maxErrorLineBytes = 64 * 1024;

/** Reads what an agent prints: cuts it into lines, has them read, notes what they say. */
export class TurnOutput {
  readonly #options: TurnOutputOptions;
  readonly #lines: { readonly stdout?: LineCutter; readonly stderr?: LineCutter };
  #bytes = 0;

  constructor(options: TurnOutputOptions) {
    this.#options = options;
    this.#lines = options.reader === undefined ? {} : this.#openLines(options.reader);
  }

  /** How much was printed on both streams. */
  get bytes(): number {
    return this.#bytes;
  }

  take({ stream, bytes }: CommandOutput): void {
    this.#bytes += bytes.length;
    if (this.#options.reader === undefined) this.#options.onProgress();
    else this.#lines[stream]?.push(bytes);
  }

  /** Reads last lines that no newline ended. */
  finish(): void {
    this.#lines.stdout?.end();
    this.#lines.stderr?.end();
  }

  #openLines(reader: EventReader): { stdout: LineCutter; stderr?: LineCutter } {
    const stdout = new LineCutter({
      maxLineBytes: maxEventBytes,
      firstByte: openingBrace,
      onLine: (line) => {
        this.#note(reader.read(line));
      },
    });
    if (reader.readError === undefined) return { stdout };
    const stderr = new LineCutter({
      maxLineBytes: maxErrorLineBytes,
      onLine: (line) => {
        this.#note(reader.readError?.(line) ?? []);
      },
    });
    return { stdout, stderr };
  }

  #note(events: readonly AgentEvent[]): void {
    const { notes, file, onProgress, onEvent } = this.#options;
    for (const event of events) {
      notes.note(event);
      if (event.type === 'activity') {
        // It says nothing that a reader of the file would want to know.
      } else if (file.isFull && event.type !== 'end') {
        file.omit();
      } else {
        file.add(notes.keepEvent(event));
      }
      if (event.type !== 'waiting' && event.type !== 'error') onProgress();
    }
    // All that one line says is said at the same moment.
    for (const event of events) onEvent(event);
  }
}
