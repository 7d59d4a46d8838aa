import {
  currentProcessIdentity,
  nodeFileSystem,
  systemClock,
  systemRandom,
} from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { endLeftovers } from '@codex-orchestrator/exec';
import {
  effectiveStatus,
  isFinalStatus,
  ManifestError,
  reopenRunRecord,
} from '@codex-orchestrator/manifest';
import type {
  EffectiveStatus,
  EndedGroup,
  JournalRepair,
  LivenessOptions,
  Manifest,
  RecordSigner,
  RunEventType,
  RunHistory,
  RunLayout,
  RunOwner,
  RunRecordOptions,
} from '@codex-orchestrator/manifest';

import { endRunLeftovers } from './end-run-leftovers.js';
import { interruptedEnd, runnerDied, tailSegmentsOf } from './interrupted-stage.js';
import { isSealed, isSnapshotCurrent, readRun } from './read-run.js';
import type { KnownRun } from './read-run.js';
import { recoverChildren } from './recover-children.js';
import { recoveryNotes } from './recovery-notes.js';
import { redactRecord } from './redacted-record.js';
import { tryRunLock } from './run-lock.js';
import type { RunRedactor } from './run-redactor.js';
import { sweepRun } from './sweep-run.js';

export interface RecoverOptions extends LivenessOptions {
  readonly fs?: FileSystem;
  readonly random?: RandomSource;
  /** Time between SIGTERM and SIGKILL for what the run left running. @default 5000 */
  readonly graceMs?: number;
  /** @default nobody looks for secrets */
  readonly redactor?: RunRedactor;
  /** Signs the record when it is sealed. @default nobody */
  readonly signer?: RecordSigner;
  /** Counts the attempt when it is sealed, or was sealed by somebody who did not get so far. @default nobody */
  readonly history?: RunHistory;
  /** @default that of `@codex-orchestrator/exec` */
  readonly endLeftovers?: typeof endLeftovers;
}

export interface RecoveryReport {
  /**
   * `recovered`: the run was dead and is sealed now, as `interrupted`. `alive`: somebody runs it, or has
   * ended it and is having it counted. `sealed`: it had ended. `busy`: somebody else is taking it over.
   * Only the first changes what is said of the run.
   */
  readonly outcome: 'alive' | 'busy' | 'recovered' | 'sealed';
  /** As it is now. */
  readonly manifest: Manifest;
  /** What was found. */
  readonly status: EffectiveStatus;
  /** What had to be done to the journal. */
  readonly repair?: JournalRepair;
  /** What the run had left running. */
  readonly endedGroups: readonly EndedGroup[];
  /** What failed that costs the record nothing, such as counting the attempt: a later call tries again. */
  readonly problems: readonly ManifestError[];
  /** The last that the run itself recorded. */
  readonly lastEvent?: { readonly type: RunEventType; readonly at: string };
  /** Id of the stage that the run last recorded something of. */
  readonly lastStage?: string;
}

/** Options with every port filled in. */
export type RecoverPorts = RecoverOptions & {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
};

/**
 * Seals a run whose runner is dead: ends what it left running, repairs the journal's torn tail, says of
 * every stage that was running that it was interrupted, and ends the record. A run that lives or has
 * ended stays as it is, except that a seal that was cut short is completed: where there is a history,
 * also that of a run that nobody has counted and that is still marked for it.
 *
 * It may itself be killed at any moment: the next call does what is left. The runs of subpipelines,
 * which have records of their own, are recovered before the run that ran them.
 *
 * @throws ManifestError `MANIFEST_NOT_FOUND`; `JOURNAL_DAMAGED`, naming the lines (what the run left
 * running is ended all the same, and the message says so; nothing on disk was changed);
 * `JOURNAL_UNREADABLE`, `JOURNAL_WRITE_FAILED`, `MANIFEST_WRITE_FAILED`, `RECORD_OPEN_FAILED`;
 * CoreError `LOCK_FAILED`, `PATH_ESCAPES_ROOT`.
 */
export async function recoverRun(
  layout: RunLayout,
  options: RecoverOptions = {},
): Promise<RecoveryReport> {
  const ports = withPorts(options);
  const seen = await readRun(layout, ports);
  if (isAlive(seen) || isBeingCounted(seen, ports)) return report('alive', seen);
  if (isSealed(seen) && isComplete(layout, seen, ports)) return report('sealed', seen);
  const lock = await tryRunLock(layout, ports);
  if (!lock.ok) return report('busy', seen);
  try {
    return await recoverLocked(layout, ports);
  } finally {
    await lock.value.release();
  }
}

export function withPorts(options: RecoverOptions): RecoverPorts {
  const { fs = nodeFileSystem, clock = systemClock, random = systemRandom } = options;
  return { ...options, fs, clock, random };
}

/** As `recoverRun`, for who holds the run's lock. */
export async function recoverLocked(
  layout: RunLayout,
  ports: RecoverPorts,
): Promise<RecoveryReport> {
  // Whoever had the lock before may have done it all.
  const run = await readRun(layout, ports);
  if (isAlive(run) || isBeingCounted(run, ports)) return report('alive', run);
  if (isSealed(run)) return completeSeal(layout, run, ports);
  return sealInterrupted(layout, run, ports);
}

export function isAlive({ status }: Pick<KnownRun, 'status'>): boolean {
  return status.reason === 'owner-alive' || status.reason === 'heartbeat-fresh';
}

/**
 * Whether an owner that lives has stated the end and has not yet had the attempt counted: nobody else
 * may count it now, nor write to its journal. Whoever seals writes the manifest only afterwards, also
 * where counting failed.
 */
function isBeingCounted(run: KnownRun, ports: RecoverPorts): boolean {
  const { manifest, snapshot, lastSeenAt } = run;
  if (!ports.history || !isSealed(run) || manifest.metrics_recorded) return false;
  if (snapshot?.attempt === manifest.attempt && isFinalStatus(snapshot.status)) return false;
  const unended = { status: 'in_progress', completed_at: null, heartbeat_at: lastSeenAt } as const;
  return isAlive({ status: effectiveStatus({ ...manifest, ...unended }, ports) });
}

/** A crash after the terminal event leaves an old manifest, or the sign of a run that goes on. */
function isComplete(layout: RunLayout, run: KnownRun, { fs }: RecoverPorts): boolean {
  return isSnapshotCurrent(run) && !exists(layout.activeMarkerPath, fs);
}

async function completeSeal(
  layout: RunLayout,
  run: KnownRun,
  ports: RecoverPorts,
): Promise<RecoveryReport> {
  if (isComplete(layout, run, ports)) return report('sealed', run);
  const reopened = await reopenRunRecord(layout, recordOptions(ports));
  await using record = reopened.record;
  await record.checkpoint();
  await sweepRun(layout, ports);
  const { manifest, problems } = record;
  return { ...report('sealed', run), manifest, problems, repair: reopened.repair };
}

async function sealInterrupted(
  layout: RunLayout,
  run: KnownRun,
  ports: RecoverPorts,
): Promise<RecoveryReport> {
  const { clock, graceMs, endLeftovers, redactor } = ports;
  // Before anything is written: what still runs might write into the run's files.
  const endedGroups = await endRunLeftovers(layout, run, {
    clock,
    graceMs,
    endLeftovers,
  });
  await recoverChildren(layout, ports, (child) => recoverRun(child, ports));
  if (run.damage) throw withGroups(run.damage, endedGroups);
  const { record: reopened, repair } = await reopenRunRecord(layout, recordOptions(ports));
  await using record = redactRecord(reopened, redactor);
  record.append({
    type: 'run.recovered',
    by: thisProcess(),
    reason: run.status.reason,
    last_seen_at: run.lastSeenAt,
    torn_bytes: repair.tornBytes,
    torn_path: repair.tornPath,
    lost_lines: repair.lostLines,
    ended_groups: endedGroups,
  });
  const { commands, artifacts } = record.manifest;
  const running = commands.filter(({ status }) => status === 'running');
  const ends = await Promise.all(
    running.map((stage) => interruptedEnd(stage, artifacts, { layout, fs: ports.fs })),
  );
  for (const end of ends) record.append(end);
  await sweepRun(layout, ports);
  const manifest = await record.seal({
    status: 'interrupted',
    status_detail: runnerDied,
    duration_ms: lifetimeMs(run),
    notes: recoveryNotes({
      run,
      running,
      repair,
      endedGroups,
      tailSegments: ends.flatMap(tailSegmentsOf),
    }),
  });
  return { ...report('recovered', run), manifest, problems: record.problems, repair, endedGroups };
}

/** Processes do not share a monotonic clock; a wall clock that was set back must not show. */
function lifetimeMs({ attemptBegan, lastSeenAt }: KnownRun): number {
  const ms = Date.parse(lastSeenAt) - Date.parse(attemptBegan?.at ?? lastSeenAt);
  return ms > 0 ? ms : 0;
}

function recordOptions({ fs, clock, random, signer, history }: RecoverPorts): RunRecordOptions {
  return { fs, clock, random, ...(signer && { signer }), ...(history && { history }) };
}

function withGroups(damage: ManifestError, groups: readonly EndedGroup[]): ManifestError {
  if (groups.length === 0) return damage;
  const message = `${damage.message}. Process groups that the run left running and that were ended: ${groups.length}`;
  const { path } = damage;
  return new ManifestError(damage.code, message, { cause: damage, ...(path && { path }) });
}

export function thisProcess(): RunOwner {
  const { pid, processStartedAt, bootId, host, namespace } = currentProcessIdentity();
  return {
    pid,
    process_started_at: processStartedAt,
    boot_id: bootId,
    host,
    namespace: namespace ?? null,
  };
}

function report(outcome: RecoveryReport['outcome'], run: KnownRun): RecoveryReport {
  const { manifest, status, lastEvent, lastStage } = run;
  return {
    outcome,
    manifest,
    status,
    endedGroups: [],
    problems: [],
    ...(lastEvent && { lastEvent: { type: lastEvent.type, at: lastEvent.at } }),
    ...(lastStage !== undefined && { lastStage }),
  };
}

function exists(path: string, fs: FileSystem): boolean {
  try {
    fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}
