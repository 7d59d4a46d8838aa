import {
  CoreError,
  createWriteCoalescer,
  messageOf,
  writeFileAtomic,
} from '@codex-orchestrator/core';
import type {
  Clock,
  Durability,
  FileSystem,
  RandomSource,
  WriteCoalescer,
  WriteReport,
} from '@codex-orchestrator/core';

import { encodeManifest } from './encode-manifest.js';
import { ManifestError } from './errors.js';
import { recoveringDetail } from './fold-manifest.js';
import type { JournalWriter } from './journal-writer.js';
import { isFinalStatus } from './manifest.js';
import type { Manifest, Observability } from './manifest.js';
import { timeOf } from './time-of.js';

export interface SnapshotWriterOptions {
  readonly minIntervalMs: number;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What recording had cost when this record was opened again. */
  readonly before?: Observability | undefined;
}

/** Writes the manifest as it stands: soon and seldom, or now and durably. */
export class SnapshotWriter {
  /** Where the manifest lies; it moves once, when its folder gets its real name. */
  path: string;
  /** Fsyncs of what is neither journal nor manifest: the folders. */
  folderFsyncs = 0;
  /**
   * Whether nothing but durable snapshots are written any more. An end on disk says that whoever sealed
   * is done with counting the attempt.
   */
  isEnding = false;
  writes: number;
  bytes: number;
  readonly problems: ManifestError[] = [];

  readonly #manifest: Manifest;
  readonly #journal: JournalWriter;
  readonly #options: SnapshotWriterOptions;
  readonly #coalescer: WriteCoalescer<Durability>;
  readonly #kinds = new Set<string>();
  #fsyncs: number;
  #fsyncsOfDurableWrite: number;

  constructor(
    path: string,
    manifest: Manifest,
    journal: JournalWriter,
    options: SnapshotWriterOptions,
  ) {
    const { clock, minIntervalMs, before } = options;
    this.writes = before?.manifest_writes ?? 0;
    this.bytes = before?.manifest_bytes ?? 0;
    this.#fsyncs = before?.fsyncs ?? 0;
    this.path = path;
    this.#manifest = manifest;
    this.#journal = journal;
    this.#options = options;
    // The first sync of the journal was that of a new file in the same folder: the same calls.
    this.#fsyncsOfDurableWrite = before ? fsyncsOfOneFile() : journal.fsyncs;
    this.#coalescer = createWriteCoalescer((durability) => this.#write(durability), {
      minIntervalMs,
      clock: unreferenced(clock),
    });
  }

  get observability(): Observability {
    return {
      manifest_writes: this.writes,
      manifest_bytes: this.bytes,
      journal_lines: this.#journal.lines,
      journal_bytes: this.#journal.bytes,
      fsyncs: this.#journal.fsyncs + this.#fsyncs + this.folderFsyncs,
    };
  }

  /** Has a snapshot written when the interval allows it. A failure becomes a problem. */
  request(): void {
    void this.#coalescer.write('process');
  }

  /** Writes what was requested and not yet written. A failure stays a problem. */
  async settle(): Promise<void> {
    await this.#coalescer.flush().catch(() => undefined);
  }

  /** Writes now. @throws ManifestError `MANIFEST_WRITE_FAILED`. */
  async writeDurable(): Promise<void> {
    void this.#coalescer.write('power');
    await this.#coalescer.flush();
  }

  async #write(durability: Durability): Promise<WriteReport> {
    const power = durability === 'power';
    if (this.isEnding && !power) return { bytes: 0, fsyncs: 0 };
    const { fs, clock, random } = this.#options;
    const { text, observability } = this.#encode(power ? this.#fsyncsOfDurableWrite : 0);
    try {
      const report = await writeFileAtomic(this.path, text, { durability, fs, clock, random });
      this.writes = observability.manifest_writes;
      this.bytes = observability.manifest_bytes;
      this.#fsyncs += report.fsyncs;
      if (power) this.#fsyncsOfDurableWrite = report.fsyncs;
      return report;
    } catch (cause) {
      throw this.#problem(cause);
    }
  }

  #encode(fsyncs: number): ReturnType<typeof encodeManifest> {
    const before = this.observability;
    return encodeManifest(this.#asOfNow(), {
      ...before,
      manifest_writes: before.manifest_writes + 1,
      fsyncs: before.fsyncs + fsyncs,
    });
  }

  #asOfNow(): Manifest {
    const manifest = { ...this.#manifest, journal: this.#journal.anchor ?? null };
    if (isFinalStatus(manifest.status) || manifest.status_detail === recoveringDetail) {
      return manifest;
    }
    return { ...manifest, heartbeat_at: timeOf(this.#options.clock) };
  }

  #problem(cause: unknown): ManifestError {
    const message = `The manifest is not written: ${messageOf(cause)}`;
    const problem = new ManifestError('MANIFEST_WRITE_FAILED', message, { path: this.path, cause });
    // A full disk fails every second, with another temp file in each message.
    const kind = (cause instanceof CoreError ? cause.errno : undefined) ?? message;
    if (!this.#kinds.has(kind)) {
      this.#kinds.add(kind);
      this.problems.push(problem);
    }
    return problem;
  }
}

/** The file and its folder; Windows syncs no folders. */
function fsyncsOfOneFile(): number {
  return process.platform === 'win32' ? 1 : 2;
}

/** A clock whose timers do not keep the process alive. */
function unreferenced(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    schedule: (delayMs, run) => clock.schedule(delayMs, run, { keepAlive: false }),
  };
}
