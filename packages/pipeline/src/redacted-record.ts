import type {
  AttemptStart,
  Manifest,
  ManifestError,
  NewRunEvent,
  Observability,
  RunEnd,
  RunEvent,
  RunLayout,
  RunRecord,
} from '@codex-orchestrator/manifest';

import { redactFacts } from './redact-facts.js';
import type { RunRedactor } from './run-redactor.js';

/** The one way into a record whose run redacts: every fact is redacted before it is stated. */
export function redactRecord(record: RunRecord, redactor: RunRedactor | undefined): RunRecord {
  return redactor === undefined ? record : new RedactedRecord(record, redactor);
}

/** Events that hold nothing but what programs go by. */
const plainEvents: ReadonlySet<NewRunEvent['type']> = new Set(['stage.started', 'stage.spawned']);

class RedactedRecord implements RunRecord {
  readonly #record: RunRecord;
  readonly #redactor: RunRedactor;

  constructor(record: RunRecord, redactor: RunRedactor) {
    this.#record = record;
    this.#redactor = redactor;
  }

  get layout(): RunLayout {
    return this.#record.layout;
  }

  get manifest(): Manifest {
    return this.#record.manifest;
  }

  get problems(): readonly ManifestError[] {
    return this.#record.problems;
  }

  get stats(): Observability {
    return this.#record.stats;
  }

  append(event: NewRunEvent): RunEvent {
    const isPlain = plainEvents.has(event.type);
    return this.#record.append(isPlain ? event : redactFacts(event, this.#redactor));
  }

  beginAttempt(start: AttemptStart): Promise<RunEvent> {
    return this.#record.beginAttempt(redactFacts(start, this.#redactor));
  }

  seal(end: RunEnd): Promise<Manifest> {
    return this.#record.seal(redactFacts(end, this.#redactor));
  }

  checkpoint(): Promise<void> {
    return this.#record.checkpoint();
  }

  close(): Promise<void> {
    return this.#record.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
