import { messageOf } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import { markActive, unmarkActive } from './active-marker.js';
import { AttemptHistory } from './attempt-history.js';
import { countAttempt, nameOf, notCounted } from './count-attempt.js';
import { ManifestError } from './errors.js';
import { refusalOf } from './event-order.js';
import type { EventOutline } from './event-order.js';
import { eventVersion } from './events.js';
import type {
  AttemptStart,
  NewRunEvent,
  RunEnd,
  RunEvent,
  RunFinishedEvent,
  RunRecordedEvent,
  RunResumedEvent,
} from './events.js';
import { exists } from './exists.js';
import { advance, copyOf } from './fold-manifest.js';
import type { ManifestDraft } from './fold-manifest.js';
import type { JournalWriter } from './journal-writer.js';
import { isFinalStatus } from './manifest.js';
import type { Manifest, Observability } from './manifest.js';
import { moveFiles } from './moved-files.js';
import { readSignature } from './read-signature.js';
import type { RunLayout } from './run-layout.js';
import type { RunRecord, RunRecordOptions } from './run-record.js';
import { sealArtifacts } from './seal-artifacts.js';
import type { SealArtifacts } from './seal-artifacts.js';
import { writeSignature } from './signature.js';
import type { SnapshotWriter } from './snapshot-writer.js';
import { timeOf } from './time-of.js';

/** The files of a record that lies on disk under its own name, with one event in its journal. */
export interface RecordParts {
  readonly layout: RunLayout;
  readonly manifest: ManifestDraft;
  readonly journal: JournalWriter;
  readonly snapshots: SnapshotWriter;
  readonly history?: AttemptHistory;
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
  readonly #history: AttemptHistory;
  readonly #otherProblems: ManifestError[] = [];
  #cancelHeartbeat: () => void = () => undefined;
  #closed = false;

  constructor(parts: RecordParts, ports: RecordPorts) {
    const { layout, manifest, journal, snapshots, history = new AttemptHistory() } = parts;
    this.#history = history;
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
    return [...this.#snapshots.problems, ...this.#otherProblems];
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
    const gap_ms = atLeastZero(start.gap_ms);
    const event = { type: 'run.resumed', ...start, gap_ms } as const;
    this.#expectAllowed(event);
    // First the marker: a run that is under way is never without one.
    const { madeMarker } = markActive(this.layout, this.#ports.fs);
    let written: RunEvent;
    try {
      written = this.#record(event);
    } catch (error) {
      if (madeMarker) unmarkActive(this.layout, this.#ports.fs);
      throw error;
    }
    await this.checkpoint();
    moveFiles(this.layout.runDir, start.moved, this.#ports);
    this.#beat();
    return written;
  }

  async checkpoint(): Promise<void> {
    this.#journal.sync();
    if (!isFinalStatus(this.#manifest.status)) {
      await this.#snapshots.writeDurable();
      return;
    }
    const isCounted = this.#isToBeCounted() ? await this.#count({ mayBeCounted: true }) : true;
    if (this.#ports.signer && !this.#isSigned()) await this.#sign();
    await this.#snapshots.writeDurable();
    if (isCounted) unmarkActive(this.layout, this.#ports.fs);
  }

  async seal(end: RunEnd): Promise<Manifest> {
    this.#expectAllowed({ type: 'run.finished' });
    const { artifacts, notes } = await this.#unnamedFiles();
    this.#record({
      type: 'run.finished',
      ...end,
      duration_ms: atLeastZero(end.duration_ms),
      notes: [...(end.notes ?? []), ...notes],
      artifacts,
    });
    this.#closed = true;
    this.#cancelHeartbeat();
    this.#snapshots.isEnding = this.#ports.history !== undefined;
    // A manifest on disk that says more than a durable journal would be evidence of nothing.
    const [isCounted] = await runAll([
      async () => {
        this.#journal.sync();
        const counted = await this.#count({ mayBeCounted: false });
        await this.#sign();
        return counted;
      },
      () => this.#snapshots.writeDurable(),
      () => {
        this.#journal.close();
      },
    ]);
    if (isCounted === true) unmarkActive(this.layout, this.#ports.fs);
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

  /** What was named with its digest when it was written is not looked at again. */
  #unnamedFiles(): Promise<SealArtifacts> {
    const paths = this.#manifest.artifacts.map(({ path }) => path);
    const named = new Set(paths.filter((path) => !this.#history.namedAtEnd.has(path)));
    return sealArtifacts(this.layout.runDir, { fs: this.#ports.fs, named });
  }

  /** A run that was sealed where nobody counted has no marker any more, and stays as it is. */
  #isToBeCounted(): boolean {
    const { history, fs } = this.#ports;
    if (!history || this.#manifest.metrics_recorded) return false;
    return exists(this.layout.activeMarkerPath, fs);
  }

  /** Returns false where the attempt could not be counted, of which the verdict knows nothing. */
  async #count({ mayBeCounted }: { readonly mayBeCounted: boolean }): Promise<boolean> {
    const { history } = this.#ports;
    if (!history) return true;
    const end = { ...copyOf(this.#manifest), journal: this.#journal.anchor ?? null };
    try {
      await countAttempt(history, { end, cost: this.stats, mayBeCounted });
      this.#write({ type: 'run.recorded', attempt: end.attempt, history: nameOf(history) });
    } catch (cause) {
      this.#otherProblems.push(notCounted(end, cause));
      return false;
    }
    this.#journal.sync();
    return true;
  }

  /** Whether the latest end is covered; refused attempts behind it need no signature. */
  #isSigned(): boolean {
    const read = readSignature(this.layout.signaturePath, this.#ports.fs);
    return read.kind === 'read' && read.signature.lines >= this.#history.endedAt;
  }

  async #sign(): Promise<void> {
    const { signer } = this.#ports;
    const { anchor } = this.#journal;
    if (!signer || !anchor) return;
    const signing = { ...this.#ports, signer, anchor };
    this.#snapshots.folderFsyncs += await writeSignature(this.layout, signing);
  }

  #expectAllowed(event: EventOutline): void {
    this.#expectOpen();
    this.#expectInOrder(event);
  }

  #expectOpen(): void {
    if (this.#closed) {
      const message = `The record of the run '${this.layout.runId}' is closed`;
      throw new ManifestError('RECORD_SEALED', message, { path: this.layout.runDir });
    }
  }

  #expectInOrder(event: EventOutline): void {
    const refusal = refusalOf(this.#manifest, event);
    if (refusal !== undefined) throw new ManifestError('EVENT_OUT_OF_ORDER', refusal);
  }

  #record(event: NewRunEvent | NewBoundaryEvent): RunEvent {
    this.#expectOpen();
    return this.#write(event);
  }

  /** First the check, then the line, then the fold: a refused or unwritten event changes nothing. */
  #write(event: NewRunEvent | NewBoundaryEvent): RunEvent {
    this.#expectInOrder(event);
    const head = { v: eventVersion, seq: this.#journal.lines + 1, at: timeOf(this.#ports.clock) };
    // Two spreads in one literal take V8 fifty times as long.
    const written = this.#journal.append(Object.assign(head, event) as RunEvent);
    advance(this.#manifest, written);
    this.#history.note(written);
    this.#tell(written);
    return written;
  }

  /** A listener that throws is a problem of the record and changes nothing about it. */
  #tell(event: RunEvent): void {
    try {
      this.#ports.onEvent?.(event);
    } catch (cause) {
      const message = `A listener failed on the event '${event.type}': ${messageOf(cause)}`;
      if (this.#otherProblems.some((known) => known.message === message)) return;
      this.#otherProblems.push(new ManifestError('LISTENER_FAILED', message, { cause }));
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

/** Whoever measures across processes has only the wall clock, which may have been set back. */
function atLeastZero(ms: number): number {
  return ms > 0 ? ms : 0;
}

type NewBoundaryEvent =
  | Omit<RunFinishedEvent, 'v' | 'seq' | 'at' | 'chain'>
  | Omit<RunRecordedEvent, 'v' | 'seq' | 'at' | 'chain'>
  | Omit<RunResumedEvent, 'v' | 'seq' | 'at' | 'chain'>;

/** Runs every step whatever the others do, since each alone leaves more than nothing. */
async function runAll(steps: readonly (() => unknown)[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      answers.push(await step());
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return answers;
}
