import { lookThrough } from './look-through.js';

/** A stage as the graph sees it. */
export interface StageNode {
  readonly id: string;
  /** Ids of stages of the same graph that must end well first. */
  readonly needs: readonly string[];
}

export interface StageGraphOptions {
  /** Stages that may run at once. */
  readonly maxParallel: number;
  /** Whether a failure leaves alone what does not depend on it. @default false */
  readonly keepGoing?: boolean;
  /** Ids of stages that have passed before. Who needs one waits for what it needs instead. @default none */
  readonly passed?: ReadonlySet<string>;
}

/**
 * `passed` lets dependents run: the stage succeeded, or its failure is allowed. `failed` stops them.
 */
export type StageVerdict = 'failed' | 'passed';

/** Why a stage never ran. `because` names the stage whose failure decided it. */
export type SkipReason =
  | { readonly kind: 'dependency-failed'; readonly because: string }
  | { readonly kind: 'run-failed'; readonly because: string }
  | { readonly kind: 'deadline-exceeded' }
  | { readonly kind: 'run-cancelled' };

export interface SkippedStage {
  readonly id: string;
  readonly reason: SkipReason;
}

interface NodeState {
  readonly id: string;
  readonly order: number;
  readonly dependents: NodeState[];
  openNeeds: number;
  state: 'done' | 'running' | 'waiting';
}

/**
 * Decides which stages run when. It runs nothing itself: the caller starts what `takeReady` hands
 * out and reports each end. Every stage is handed out or skipped exactly once, in the order in which
 * they were given wherever that leaves a choice.
 *
 * After a failure without `keepGoing` nothing new starts, while stages that run already are left to
 * end by themselves: their results are facts worth having, and their side effects are under way.
 */
export class StageGraph {
  readonly #states: ReadonlyMap<string, NodeState>;
  readonly #ready: NodeState[];
  readonly #maxParallel: number;
  readonly #keepGoing: boolean;
  #running = 0;
  #left: number;

  /** The ids have to be unique, the needs known and free of cycles, as planning guarantees. */
  constructor(nodes: readonly StageNode[], options: StageGraphOptions) {
    const { maxParallel, keepGoing = false, passed = new Set() } = options;
    this.#states = linkNodes(nodes, passed);
    const waiting = [...this.#states.values()].filter(({ state }) => state === 'waiting');
    this.#ready = waiting.filter(({ openNeeds }) => openNeeds === 0);
    this.#maxParallel = maxParallel;
    this.#keepGoing = keepGoing;
    this.#left = waiting.length;
  }

  get running(): number {
    return this.#running;
  }

  /** True once every stage has ended or was skipped. */
  get isSettled(): boolean {
    return this.#left === 0;
  }

  /** Hands out the stages that may start now; they count as running from here on. */
  takeReady(): string[] {
    const taken: string[] = [];
    while (this.#running < this.#maxParallel) {
      const next = this.#ready.shift();
      if (!next) break;
      if (next.state !== 'waiting') continue;
      next.state = 'running';
      this.#running++;
      taken.push(next.id);
    }
    return taken;
  }

  /** Records the end of a running stage and returns what can never run because of it. */
  finish(id: string, verdict: StageVerdict): SkippedStage[] {
    const node = this.#states.get(id);
    if (node?.state !== 'running') throw new Error(`Internal error: stage "${id}" is not running`);
    node.state = 'done';
    this.#running--;
    this.#left--;
    if (verdict === 'passed') {
      this.#release(node);
      return [];
    }
    const skipped = this.#skipDependents(node);
    if (this.#keepGoing) return skipped;
    return [...skipped, ...this.stop({ kind: 'run-failed', because: id })];
  }

  /** Skips everything that has not started. Later calls find nothing left. */
  stop(reason: SkipReason): SkippedStage[] {
    const waiting = [...this.#states.values()].filter(({ state }) => state === 'waiting');
    return this.#skip(waiting, reason);
  }

  #release(node: NodeState): void {
    for (const dependent of node.dependents) {
      dependent.openNeeds--;
      if (dependent.openNeeds === 0) insertInOrder(this.#ready, dependent);
    }
  }

  #skipDependents(failed: NodeState): SkippedStage[] {
    const found = new Set<NodeState>();
    const open = [...failed.dependents];
    for (let node = open.pop(); node; node = open.pop()) {
      if (node.state !== 'waiting' || found.has(node)) continue;
      found.add(node);
      open.push(...node.dependents);
    }
    const inOrder = [...found].sort((a, b) => a.order - b.order);
    return this.#skip(inOrder, { kind: 'dependency-failed', because: failed.id });
  }

  #skip(chosen: readonly NodeState[], reason: SkipReason): SkippedStage[] {
    this.#left -= chosen.length;
    return chosen.map((node) => {
      node.state = 'done';
      return { id: node.id, reason };
    });
  }
}

function linkNodes(
  nodes: readonly StageNode[],
  passed: ReadonlySet<string>,
): Map<string, NodeState> {
  const needsOf = new Map(nodes.map(({ id, needs }) => [id, needs]));
  const states = new Map<string, NodeState>(
    nodes.map(({ id }, order) => {
      const state = passed.has(id) ? 'done' : 'waiting';
      return [id, { id, order, dependents: [], openNeeds: 0, state }];
    }),
  );
  for (const node of states.values()) {
    if (node.state === 'done') continue;
    const needs = openNeedsOf(node.id, needsOf, passed);
    node.openNeeds = needs.length;
    for (const need of needs) states.get(need)?.dependents.push(node);
  }
  return states;
}

/** The stages that have yet to pass before this one may run, without repeats. */
function openNeedsOf(
  id: string,
  needsOf: ReadonlyMap<string, readonly string[]>,
  passed: ReadonlySet<string>,
): readonly string[] {
  return lookThrough(needsOf.get(id) ?? [], (need) => {
    const own = needsOf.get(need);
    if (!own) throw new Error(`Internal error: stage "${id}" needs unknown "${need}"`);
    return passed.has(need) ? own : undefined;
  });
}

/** Keeps what is ready in the order in which it was written. */
function insertInOrder(ready: NodeState[], node: NodeState): void {
  let place = ready.length;
  while (place > 0 && (ready[place - 1]?.order ?? -1) > node.order) place--;
  ready.splice(place, 0, node);
}
