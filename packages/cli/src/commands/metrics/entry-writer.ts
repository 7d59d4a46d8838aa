import { csvHeader, csvRow } from '@codex-orchestrator/metrics';

import type { Answer } from '../../answer.js';

type Entry = Readonly<Record<string, unknown>>;

/** Prints entries one after the other. */
export interface EntryWriter {
  /** Entries so far. */
  readonly count: number;
  /** Returns false when nobody reads any more. */
  write(entry: Entry): boolean;
  /** Prints what is held back. */
  flush(): void;
  /** The same, and what belongs behind the last entry. */
  end(): void;
}

export interface EntryWriterOptions {
  readonly taskId: string;
  readonly answer: Answer;
}

/** What one format puts around and between entries. */
interface Framing {
  readonly kind: 'json' | 'text';
  readonly head: string;
  readonly tail: string;
  /** An entry with what separates it from the one before. */
  readonly row: (entry: Entry, isFirst: boolean) => string;
}

/** Written at once: few calls for many entries, and no memory to speak of. */
const bufferedCharacters = 64 * 1024;

export function createEntryWriter(
  format: 'csv' | 'json' | 'ndjson',
  { taskId, answer }: EntryWriterOptions,
): EntryWriter {
  return new FramedWriter(framings[format](taskId), answer);
}

const framings: Readonly<Record<'csv' | 'json' | 'ndjson', (taskId: string) => Framing>> = {
  ndjson: () => ({
    kind: 'json',
    head: '',
    tail: '',
    row: (entry) => `${JSON.stringify(entry)}\n`,
  }),
  json: (taskId) => ({
    kind: 'json',
    head: `{"task_id":${JSON.stringify(taskId)},"entries":[`,
    tail: '\n]}\n',
    row: (entry, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(entry)}`,
  }),
  csv: () => ({ kind: 'text', head: csvHeader(), tail: '', row: (entry) => csvRow(entry) }),
};

class FramedWriter implements EntryWriter {
  readonly #framing: Framing;
  readonly #answer: Answer;
  #count = 0;
  #held: string;
  #isRead = true;

  get count(): number {
    return this.#count;
  }

  constructor(framing: Framing, answer: Answer) {
    this.#framing = framing;
    this.#answer = answer;
    this.#held = framing.head;
  }

  write(entry: Entry): boolean {
    this.#held += this.#framing.row(entry, this.#count === 0);
    this.#count += 1;
    if (this.#held.length >= bufferedCharacters) this.flush();
    return this.#isRead;
  }

  flush(): void {
    if (this.#held !== '') this.#isRead = this.#answer.piece(this.#held, this.#framing.kind);
    this.#held = '';
  }

  end(): void {
    this.#held += this.#framing.tail;
    this.flush();
  }
}
