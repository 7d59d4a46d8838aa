import type {
  JsonObject,
  LoopIterationEvent,
  LoopStartedEvent,
  RunEvent,
} from '@codex-orchestrator/manifest';

/** What a loop that goes on knows of itself: its own facts, as they were recorded. */
export interface LoopHistory {
  /** Of the event with which it began. */
  readonly settings: JsonObject;
  /** Of each iteration since, in their order. */
  readonly iterations: readonly JsonObject[];
}

/** A history with what the record has of it besides. */
export interface LoopTrace extends LoopHistory {
  /** Number of the last iteration; 0 before the first. */
  readonly lastIteration: number;
  /** Files, relative to the run's folder, that its iterations vouch for. */
  readonly files: ReadonlySet<string>;
}

/**
 * The loop of a stage as far as it has come: since it last began anew, over all attempts that went on
 * with it. Undefined where it never began, or where its files were moved away because it was to begin
 * anew.
 */
export function loopHistoryOf(events: readonly RunEvent[], stageId: string): LoopTrace | undefined {
  let trace: OpenTrace | undefined;
  for (const event of events) {
    if (event.type === 'run.resumed') {
      const { files } = trace ?? {};
      if (files && event.moved.some(({ from }) => files.has(from))) trace = undefined;
    } else if (event.type === 'loop.started' && event.id === stageId) {
      trace = event.continues ? trace : begin(event);
    } else if (event.type === 'loop.iteration' && event.id === stageId && trace) {
      add(trace, event);
    }
  }
  return trace;
}

interface OpenTrace extends LoopTrace {
  lastIteration: number;
  readonly iterations: JsonObject[];
  readonly files: Set<string>;
}

function begin({ facts }: LoopStartedEvent): OpenTrace {
  return { settings: facts, iterations: [], lastIteration: 0, files: new Set() };
}

function add(trace: OpenTrace, { n, facts, artifacts }: LoopIterationEvent): void {
  trace.iterations.push(facts);
  trace.lastIteration = n;
  for (const { path } of artifacts) trace.files.add(path);
}
