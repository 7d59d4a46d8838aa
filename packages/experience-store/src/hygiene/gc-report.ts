import type { LogFold } from './fold-log.js';
import type { GcDetail, GcPlan, RecordGcReason } from './gc-plan.js';
import type { LineCount, LineProblem, ListedLines } from './line-tally.js';

/** Why a line is collected. */
export type GcReason =
  RecordGcReason | 'blank' | 'unreadable' | 'misplaced' | 'incomplete-batch' | 'repeated-id';

export interface GcExample {
  readonly offset: number;
  readonly bytes: number;
  readonly id?: string;
  readonly domain?: string;
  /** The record that has its counters now. */
  readonly mergedInto?: string;
  /** Of a line that is no record. */
  readonly line?: number;
  readonly problem?: string;
}

export interface GcRemoval extends LineCount {
  readonly reason: GcReason;
  /** The first few. */
  readonly examples: readonly GcExample[];
}

export interface GcReport {
  readonly isDryRun: boolean;
  /** Whether the log was written anew; `false` for a dry run, and where nothing would have changed. */
  readonly isReplaced: boolean;
  readonly recordsBefore: number;
  readonly recordsAfter: number;
  /** Only reasons that something goes for. */
  readonly removed: readonly GcRemoval[];
  /** Notes that became counters of records. */
  readonly foldedNotes: LineCount;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Lines that others appended meanwhile; they count for the next time. */
  readonly carriedLines: number;
  /** Whether some near duplicates may have been missed, because too many texts resemble each other. */
  readonly isNearLimited: boolean;
}

/** What is to be done to a log. */
export interface GcWork {
  readonly fold: LogFold<GcDetail>;
  readonly plan: GcPlan;
  readonly isWorthIt: boolean;
}

export type DoneGc = GcWork & Pick<GcReport, 'bytesAfter' | 'carriedLines' | 'isReplaced'>;

const NONE: LineCount = { count: 0, bytes: 0 };

export function summariseGc(
  done: DoneGc | undefined,
  {
    dryRun = false,
    maxExamples = 5,
  }: { readonly dryRun?: boolean | undefined; readonly maxExamples?: number | undefined },
): GcReport {
  const records = done?.fold.records.length ?? 0;
  return {
    isDryRun: dryRun,
    isReplaced: done?.isReplaced ?? false,
    recordsBefore: records,
    recordsAfter: records - (done?.plan.decisions.size ?? 0),
    removed: done ? [...removedRecords(done.plan, maxExamples), ...removedLines(done.fold)] : [],
    foldedNotes: done ? { ...done.fold.notes } : NONE,
    bytesBefore: done?.fold.bytes ?? 0,
    bytesAfter: done?.bytesAfter ?? 0,
    carriedLines: done?.carriedLines ?? 0,
    isNearLimited: done?.plan.isNearLimited ?? false,
  };
}

function removedRecords({ decisions }: GcPlan, maxExamples: number): GcRemoval[] {
  const removals = new Map<GcReason, { count: number; bytes: number; examples: GcExample[] }>();
  for (const [{ id, domain, offset, bytes }, { reason, mergedInto }] of decisions) {
    const removal = removals.get(reason) ?? { count: 0, bytes: 0, examples: [] };
    removals.set(reason, removal);
    removal.count += 1;
    removal.bytes += bytes;
    if (removal.examples.length >= maxExamples) continue;
    removal.examples.push({ offset, bytes, id, domain, ...(mergedInto && { mergedInto }) });
  }
  return [...removals].map(([reason, removal]) => ({ reason, ...removal }));
}

function removedLines(fold: LogFold<GcDetail>): GcRemoval[] {
  const removals: GcRemoval[] = [
    { reason: 'blank', ...fold.blank, examples: [] },
    removalOf('unreadable', fold.unreadable),
    removalOf('misplaced', fold.misplaced),
    removalOf('incomplete-batch', fold.incomplete),
    removalOf('repeated-id', fold.repeated),
  ];
  return removals.filter(({ count }) => count > 0);
}

function removalOf(reason: GcReason, { count, bytes, examples }: ListedLines): GcRemoval {
  return { reason, count, bytes, examples: examples.map(exampleOf) };
}

function exampleOf({ line, offset, bytes, reason }: LineProblem): GcExample {
  return { offset, bytes, line, problem: reason };
}
