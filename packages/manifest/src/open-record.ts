import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import { ManifestError, messageOf } from './errors.js';
import { eventVersion } from './events.js';
import type {
  AttemptStart,
  NewRunEvent,
  RunEnd,
  RunEvent,
  RunFinishedEvent,
  RunResumedEvent,
} from './events.js';
import { advance, refusalOf } from './fold-manifest.js';
import type { ManifestDraft } from './fold-manifest.js';
import type { JournalWriter } from './journal-writer.js';
import type { Manifest, Observability } from './manifest.js';
import { moveFiles } from './moved-files.js';
import type { RunLayout } from './run-layout.js';
import type { RunRecord, RunRecordOptions } from './run-record.js';
import type { SnapshotWriter } from './snapshot-writer.js';
import { timeOf } from './time-of.js';

/** The files of a record that lies on disk under its own name, with one event in its journal. */
export interface RecordParts {
  readonly layout: RunLayout;
  readonly manifest: ManifestDraft;
  readonly journal: JournalWriter;
  readonly snapshots: SnapshotWriter;
}

/** The options of a record with every port filled in. */
export type RecordPorts = RunRecordOptions & {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
};

/** A record between its first and its last event. */
export class OpenRecord implements RunRecord {
  readonly layout: RunLayout;
  readonly #manifest: ManifestDraft;
  readonly #journal: JournalWriter;
  readonly #snapshots: SnapshotWriter;
  readonly #ports: RecordPorts;
  readonly #listenerProblems: ManifestError[] = [];
  #cancelHeartbeat: () => void = () => undefined;
  #closed = false;

  constructor({ layout, manifest, journal, snapshots }: RecordParts, ports: RecordPorts) {
    this.layout = layout;
    this.#manifest = manifest;
    this.#journal = journal;
    this.#snapshots = snapshots;
    this.#ports = ports;
  }

  /** Tells of the first event and begins to show signs of life. */
  begin(first: RunEvent): this {
    this.#tell(first);
    this.#beat();
    return this;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  get problems(): readonly ManifestError[] {
    return [...this.#snapshots.problems, ...this.#listenerProblems];
  }

  get stats(): Observability {
    return this.#snapshots.observability;
  }

  append(event: NewRunEvent): RunEvent {
    const written = this.#record(event);
    this.#snapshots.request();
    return written;
  }

  async beginAttempt(start: AttemptStart): Promise<RunEvent> {
    const written = this.#record({ type: 'run.resumed', ...start });
    await this.checkpoint();
    moveFiles(this.layout.runDir, start.moved, this.#ports);
    this.#beat();
    return written;
  }

  async checkpoint(): Promise<void> {
    this.#journal.sync();
    await this.#snapshots.writeDurable();
  }

  async seal(end: RunEnd): Promise<Manifest> {
    this.#record({ type: 'run.finished', notes: [], ...end });
    this.#closed = true;
    this.#cancelHeartbeat();
    // A manifest on disk that says more than a durable journal would be evidence of nothing.
    await runAll([
      () => {
        this.#journal.sync();
      },
      () => this.#snapshots.writeDurable(),
      () => {
        this.#journal.close();
      },
    ]);
    return this.#manifest;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelHeartbeat();
    await this.#snapshots.settle();
    this.#journal.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** First the check, then the line, then the fold: a refused or unwritten event changes nothing. */
  #record(event: NewRunEvent | NewBoundaryEvent): RunEvent {
    if (this.#closed) {
      const message = `The record of the run '${this.layout.runId}' is closed`;
      throw new ManifestError('RECORD_SEALED', message, { path: this.layout.runDir });
    }
    const refusal = refusalOf(this.#manifest, event);
    if (refusal !== undefined) throw new ManifestError('EVENT_OUT_OF_ORDER', refusal);
    const head = { v: eventVersion, seq: this.#journal.lines + 1, at: timeOf(this.#ports.clock) };
    // Two spreads in one literal take V8 fifty times as long.
    const written = this.#journal.append(Object.assign(head, event) as RunEvent);
    advance(this.#manifest, written);
    this.#tell(written);
    return written;
  }

  /** A listener that throws is a problem of the record and changes nothing about it. */
  #tell(event: RunEvent): void {
    try {
      this.#ports.onEvent?.(event);
    } catch (cause) {
      const message = `A listener failed on the event '${event.type}': ${messageOf(cause)}`;
      if (this.#listenerProblems.some((known) => known.message === message)) return;
      this.#listenerProblems.push(new ManifestError('LISTENER_FAILED', message, { cause }));
    }
  }

  #beat(): void {
    const delayMs = this.#manifest.heartbeat_interval_seconds * 1000;
    const beat = (): void => {
      this.#snapshots.request();
      this.#beat();
    };
    this.#cancelHeartbeat = this.#ports.clock.schedule(delayMs, beat, { keepAlive: false });
  }
}

type NewBoundaryEvent =
  | Omit<RunFinishedEvent, 'v' | 'seq' | 'at' | 'chain'>
  | Omit<RunResumedEvent, 'v' | 'seq' | 'at' | 'chain'>;

/** Runs every step whatever the others do, since each alone leaves more than nothing. */
async function runAll(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
