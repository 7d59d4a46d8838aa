import type * as z from 'zod/mini';

import { loopSchemas, readItems, readTexts } from './loop-record.js';
import type { IterationView } from './loop-view.js';

/** What the journal has of a loop since it last began anew. */
export interface LoopTrace {
  /** Of the last `loop.started`: whoever goes on with a loop may have raised its limits. */
  readonly start: unknown;
  readonly iterations: readonly IterationView[];
  readonly toolCalls: number;
}

interface OpenTrace {
  start: unknown;
  iterations: IterationView[];
  toolCalls: number;
  readonly files: Set<string>;
}

type Line = z.output<ReturnType<typeof loopSchemas>['line']>;

/** Follows the loop of a stage through the lines of a journal, whatever else is among them. */
export function loopTraceOf(journal: Iterable<unknown>, stageId: string): LoopTrace {
  let trace = blank();
  for (const value of journal) {
    const read = loopSchemas().line.safeParse(value);
    if (!read.success) continue;
    const line = read.data;
    if (line.type === 'run.resumed') {
      const isMoved = movedFrom(line).some((path) => trace.files.has(path));
      if (isMoved) trace = blank();
    } else if (line.id !== stageId) continue;
    else if (line.type === 'loop.started') {
      if (!line.continues) trace = blank();
      trace.start = line.facts;
    } else if (line.type === 'loop.iteration') add(trace, line);
  }
  return trace;
}

function blank(): OpenTrace {
  return { start: undefined, iterations: [], toolCalls: 0, files: new Set() };
}

function movedFrom({ moved }: Line): string[] {
  return readItems(loopSchemas().moved, moved).map(({ from }) => from);
}

function add(trace: OpenTrace, line: Line): void {
  const { iteration: facts, turn, judgement, artifact } = loopSchemas();
  // Facts that are no object at all: the iteration is still one.
  const read = facts.safeParse(line.facts).data ?? facts.parse({});
  const turns = readItems(turn, read.turns);
  const validators = readItems(judgement, read.validators);
  const logs = [...turns, ...validators].map(({ logPath }) => logPath);
  trace.toolCalls += turns.reduce((sum, { toolCalls }) => sum + toolCalls, 0);
  trace.iterations.push({
    n: line.n,
    startedAt: read.startedAt,
    endedAt: read.completedAt,
    durationMs: read.durationMs,
    completed: read.completed,
    summary: read.summary,
    turns,
    validators,
    changes: read.diff,
    tokens: turns.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
    cost: turns.reduce((sum, { usage }) => sum + usage.costUsd, 0),
    tampered: readTexts(read.tampered),
    strays: read.strays,
    evidence: [...logs, read.diff?.patchPath].filter((path) => typeof path === 'string'),
  });
  const paths = readItems(artifact, line.artifacts);
  for (const { path } of paths) trace.files.add(path);
}
