import type { MachineFingerprint, RunSample, StageSample } from './run-sample.js';

/**
 * A line of a history as a sample; undefined where it does not say which run it is about and how that
 * ended. Members that are not usable, such as a negative duration, count as not known, each by itself.
 */
export function sampleOfEntry(entry: unknown): RunSample | undefined {
  const read = readerOf(entry);
  const runId = read.text('run_id');
  const status = read.text('status');
  if (runId === null || status === null) return undefined;
  return {
    runId,
    taskId: read.text('task_id'),
    pipelineId: read.text('pipeline_id'),
    attempt: attemptOf(read.amount('attempt')),
    status,
    startedAt: timeOf(read.text('started_at')),
    commit: read.text('commit'),
    tags: read.list('tags').filter(isText),
    machine: machineOf(read.member('machine')),
    toolVersion: read.text('tool_version'),
    ...durationOf(read.amount('active_seconds'), milliseconds(read.amount('duration_seconds'))),
    stages: read.list('stages').flatMap(stageOf),
    ...countsOf(entry),
    peakMemoryBytes: read.amount('peak_memory_bytes'),
    source: 'history',
  };
}

/** The members that say what recording a run cost, of an entry or of what a manifest says of it. */
export function countsOf(
  value: unknown,
): Pick<RunSample, 'fsyncs' | 'journalLines' | 'manifestBytes' | 'manifestWrites'> {
  const { amount } = readerOf(value);
  return {
    manifestWrites: amount('manifest_writes'),
    manifestBytes: amount('manifest_bytes'),
    journalLines: amount('journal_lines'),
    fsyncs: amount('fsyncs'),
  };
}

/** The time in which somebody ran it where that is known: nobody waits for less in a pause. */
export function durationOf(
  activeSeconds: number | null,
  elapsedMs: number | null,
): Pick<RunSample, 'durationKind' | 'durationMs'> {
  const activeMs = milliseconds(activeSeconds);
  if (activeMs !== null) return { durationMs: activeMs, durationKind: 'active' };
  return { durationMs: elapsedMs, durationKind: elapsedMs === null ? null : 'elapsed' };
}

export function machineOf(value: unknown): MachineFingerprint | null {
  const { amount, text } = readerOf(value);
  const id = text('id');
  if (id === null) return null;
  return {
    id,
    cpuModel: text('cpu_model') ?? '',
    cpus: amount('cpus') ?? 0,
    memoryMb: amount('memory_mb') ?? 0,
    os: text('os') ?? '',
    arch: text('arch') ?? '',
    node: text('node') ?? '',
  };
}

/** The time in the one form in which times sort as text; null where it is none. */
export function timeOf(text: string | null): string | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

export function amountOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

export function attemptOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 1;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function stageOf(value: unknown): StageSample[] {
  const { amount, text } = readerOf(value);
  const id = text('id');
  if (id === null) return [];
  const durationMs = milliseconds(amount('duration_seconds'));
  return [{ id, status: text('status') ?? '', durationMs, attempts: amount('attempts') ?? 0 }];
}

/** To the nanosecond, which takes away what dividing by a thousand added. */
function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e9) / 1e6;
}

interface MemberReader {
  readonly member: (key: string) => unknown;
  readonly text: (key: string) => string | null;
  readonly amount: (key: string) => number | null;
  readonly list: (key: string) => readonly unknown[];
}

/** Own members alone, whatever the value is. */
function readerOf(value: unknown): MemberReader {
  const members = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const member = (key: string): unknown => (Object.hasOwn(members, key) ? members[key] : undefined);
  return {
    member,
    text: (key) => {
      const text = member(key);
      return isText(text) ? text : null;
    },
    amount: (key) => amountOf(member(key)),
    list: (key) => {
      const list = member(key);
      return Array.isArray(list) ? (list as readonly unknown[]) : [];
    },
  };
}
