import type { StageRecord } from '@codex-orchestrator/manifest';

/** Where the time of a run went: what it waited for, and what more parallel work could give back. */
export interface CriticalPath {
  /** The chain of stages, each waiting for the one before, that took longest. */
  readonly path: readonly PathStage[];
  /** Time of that chain: the run cannot be shorter with these stages and needs. */
  readonly critical_ms: number;
  /** From the first start of a stage to the last end of one. */
  readonly wall_ms: number;
  /** All stages, one after the other. */
  readonly serial_ms: number;
  /** What running side by side saved: `serial_ms` without `wall_ms`, at least 0. */
  readonly saved_ms: number;
  /**
   * What the run took beyond its longest chain. Null where stages declare no needs: nobody said what could
   * have run side by side.
   */
  readonly recoverable_ms: number | null;
}

export interface PathStage {
  readonly id: string;
  readonly ms: number;
}

/** A stage as the record of a run has it. */
export type TimedStage = Pick<
  StageRecord,
  'completed_at' | 'duration_ms' | 'id' | 'needs' | 'started_at'
>;

/**
 * The critical path of a run of one attempt. Undefined with fewer than two stages that ran, and where the
 * record is no graph of stages: ids that repeat, needs in a circle, times that are none.
 *
 * Stages are measured on the monotonic clock and the span between them on the wall clock, so the span is
 * held to what can be: never shorter than the chain, never longer than the run.
 *
 * @param stages In the order of the plan. Those without needs of their own wait for the one before.
 * @param runMs How long the whole run took, where that is known.
 */
export function criticalPath(
  stages: readonly TimedStage[],
  runMs: number | null = null,
): CriticalPath | undefined {
  const nodes = linkStages(stages.flatMap(timeOf));
  const chain = nodes && nodes.length > 1 ? longestChain(nodes) : undefined;
  if (!nodes || !chain) return undefined;
  const critical = sumOf(chain);
  const serial = sumOf(nodes);
  const wall = Math.max(critical, Math.min(spanOf(nodes), runMs ?? Infinity));
  const isGraph = nodes.every(({ isOrdered }) => !isOrdered);
  return {
    path: chain.map(({ id, ms }) => ({ id, ms: Math.round(ms) })),
    critical_ms: Math.round(critical),
    wall_ms: Math.round(wall),
    serial_ms: Math.round(serial),
    saved_ms: Math.round(Math.max(0, serial - wall)),
    recoverable_ms: isGraph ? Math.round(wall - critical) : null,
  };
}

interface RanStage extends PathStage {
  readonly startedAt: number;
  readonly completedAt: number;
  readonly needs: readonly string[] | null;
}

interface Node extends RanStage {
  /** Whether only the order of the plan says what it waited for. */
  readonly isOrdered: boolean;
  readonly waitsFor: readonly string[];
}

function timeOf({ id, needs, ...stage }: TimedStage): RanStage[] {
  if (stage.started_at === null || stage.completed_at === null) return [];
  if (stage.duration_ms === null) return [];
  const startedAt = Date.parse(stage.started_at);
  const completedAt = Date.parse(stage.completed_at);
  return [{ id, needs, ms: Math.max(0, stage.duration_ms), startedAt, completedAt }];
}

/** Undefined where ids repeat or times are none. */
function linkStages(stages: readonly RanStage[]): readonly Node[] | undefined {
  const ids = new Set(stages.map(({ id }) => id));
  const areTimed = stages.every((stage) => Number.isFinite(stage.completedAt - stage.startedAt));
  if (ids.size !== stages.length || !areTimed) return undefined;
  return stages.map((stage, at) => {
    const before = stages.slice(Math.max(0, at - 1), at).map(({ id }) => id);
    const waitsFor = stage.needs?.filter((need) => ids.has(need)) ?? before;
    return { ...stage, isOrdered: stage.needs === null, waitsFor: [...new Set(waitsFor)] };
  });
}

interface Reached {
  readonly node: Node;
  readonly ms: number;
  readonly before: Reached | undefined;
}

/** Takes stages as soon as all that they wait for is taken; undefined where some never are. */
function longestChain(nodes: readonly Node[]): readonly Node[] | undefined {
  const reached = new Map<string, Reached>();
  for (const node of inOrderOfNeeds(nodes)) {
    const before = longestOf(node.waitsFor.flatMap((id) => reached.get(id) ?? []));
    reached.set(node.id, { node, ms: node.ms + (before?.ms ?? 0), before });
  }
  if (reached.size < nodes.length) return undefined;
  const chain: Node[] = [];
  for (let at = longestOf([...reached.values()]); at; at = at.before) chain.push(at.node);
  return chain.reverse();
}

/** The first of those that are longest. */
function longestOf(candidates: readonly Reached[]): Reached | undefined {
  let longest: Reached | undefined;
  for (const candidate of candidates) {
    if (longest === undefined || candidate.ms > longest.ms) longest = candidate;
  }
  return longest;
}

/** Those in a circle, or behind one, are left out. */
function inOrderOfNeeds(nodes: readonly Node[]): readonly Node[] {
  const open = new Map(nodes.map((node) => [node, node.waitsFor.length]));
  const dependents = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const id of node.waitsFor) {
      const waiting = dependents.get(id);
      if (waiting) waiting.push(node);
      else dependents.set(id, [node]);
    }
  }
  const ordered = nodes.filter((node) => node.waitsFor.length === 0);
  // The list grows while it is walked.
  for (const { id } of ordered) {
    for (const node of dependents.get(id) ?? []) {
      const left = (open.get(node) ?? 0) - 1;
      open.set(node, left);
      if (left === 0) ordered.push(node);
    }
  }
  return ordered;
}

function spanOf(nodes: readonly Node[]): number {
  let first = Infinity;
  let last = -Infinity;
  for (const { startedAt, completedAt } of nodes) {
    first = Math.min(first, startedAt);
    last = Math.max(last, completedAt);
  }
  return last - first;
}

function sumOf(stages: readonly PathStage[]): number {
  return stages.reduce((sum, { ms }) => sum + ms, 0);
}
