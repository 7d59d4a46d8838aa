import { orderOfNeeds } from './order-of-needs.js';

/** A stage as far as its time is concerned. */
export interface TimedStage {
  readonly id: string;
  /** Ids of the stages that had to come first; null: the one before it in the plan. */
  readonly needs: readonly string[] | null;
  /** Milliseconds since any common point; null where it was not started. */
  readonly startMs: number | null;
  /** Null where it has not ended, or was not started. */
  readonly endMs: number | null;
}

/** Where the time of a run went. */
export interface CriticalPath {
  /** Places in the list that was given, in the order of time; stages that took no part are left out. */
  readonly stages: readonly number[];
  /** What the stages of the path took together: with these stages the run cannot be shorter. */
  readonly pathMs: number;
  /** From the first start to the last end, or the whole run where that was given. */
  readonly spanMs: number;
  /** When no stage was running. */
  readonly idleMs: number;
  /** When stages were running, and none of the path. */
  readonly waitingMs: number;
  /** `idleMs` and `waitingMs` together: what better order, more room and fewer pauses could save. */
  readonly recoverableMs: number;
  /** For each stage, in the order given: how long it stood ready before it started; null: never. */
  readonly waits: readonly (number | null)[];
}

export interface RunWindow {
  readonly startMs: number;
  readonly endMs: number;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The chain of stages, each needing the one before, whose durations come to the most. Of chains that come
 * to the same, the one that the plan names first. Needs that name no stage and those that close a circle
 * count for nothing, as records of other tools hold anything.
 */
export function criticalPath(stages: readonly TimedStage[], run?: RunWindow): CriticalPath {
  const spans = stages.map(spanOf);
  const { order, needs } = orderOfNeeds(stages);
  const chain = longestChain(spans, order, needs);
  const window = run ?? windowOf(spans);
  const spanMs = Math.max(0, window.endMs - window.startMs);
  const path = chain.filter((index) => spans[index]);
  const runningMs = coveredMs(spans, window);
  const onPathMs = coveredMs(
    path.map((index) => spans[index]),
    window,
  );
  const idleMs = Math.max(0, spanMs - runningMs);
  const waitingMs = Math.max(0, runningMs - onPathMs);
  return {
    stages: path,
    pathMs: path.reduce((sum, index) => sum + durationOf(spans[index]), 0),
    spanMs,
    idleMs,
    waitingMs,
    recoverableMs: idleMs + waitingMs,
    waits: spans.map((span, index) => waitOf(span, needs[index] ?? [], { spans, window })),
  };
}

function spanOf({ startMs, endMs }: TimedStage): Span | undefined {
  if (startMs === null || endMs === null) return undefined;
  return { startMs, endMs: Math.max(startMs, endMs) };
}

function durationOf(span: Span | undefined): number {
  return span ? span.endMs - span.startMs : 0;
}

function longestChain(
  spans: readonly (Span | undefined)[],
  order: readonly number[],
  needs: readonly (readonly number[])[],
): number[] {
  const totals = spans.map(() => 0);
  const before = spans.map((): number | undefined => undefined);
  let last: number | undefined;
  for (const index of order) {
    const first = (needs[index] ?? []).toSorted((a, b) => a - b);
    const best = first.reduce<number | undefined>(
      (found, need) => (found === undefined || at(totals, need) > at(totals, found) ? need : found),
      undefined,
    );
    before[index] = best;
    totals[index] = durationOf(spans[index]) + (best === undefined ? 0 : at(totals, best));
  }
  for (const index of spans.keys()) {
    if (last === undefined || at(totals, index) > at(totals, last)) last = index;
  }
  const chain: number[] = [];
  for (let index = last; index !== undefined; index = before[index]) chain.push(index);
  return chain.reverse();
}

function at(totals: readonly number[], index: number): number {
  return totals[index] ?? 0;
}

function windowOf(spans: readonly (Span | undefined)[]): RunWindow {
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const span of spans) {
    if (!span) continue;
    startMs = Math.min(startMs, span.startMs);
    endMs = Math.max(endMs, span.endMs);
  }
  return startMs > endMs ? { startMs: 0, endMs: 0 } : { startMs, endMs };
}

/** How much of the window lies in at least one of the spans. */
function coveredMs(spans: readonly (Span | undefined)[], window: RunWindow): number {
  const sorted = spans
    .filter((span) => span !== undefined)
    .toSorted((a, b) => a.startMs - b.startMs);
  let covered = 0;
  let until = window.startMs;
  for (const { startMs, endMs } of sorted) {
    const end = Math.min(endMs, window.endMs);
    if (end <= until) continue;
    covered += end - Math.max(startMs, until);
    until = end;
  }
  return Math.max(0, covered);
}

function waitOf(
  span: Span | undefined,
  needs: readonly number[],
  { spans, window }: { spans: readonly (Span | undefined)[]; window: RunWindow },
): number | null {
  if (!span) return null;
  const ends = needs.map((need) => spans[need]?.endMs ?? window.startMs);
  const ready = ends.reduce((latest, end) => Math.max(latest, end), window.startMs);
  return Math.max(0, span.startMs - ready);
}
