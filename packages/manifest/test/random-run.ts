import type { FinalStatus, NewRunEvent, RunEnd, StageOutcome } from '../src/index.js';
import { stageFinished, stageStarted } from './sample-run.js';

/** Everything that can happen to a run, drawn from a seed: stages side by side, retries, skips. */
export interface RandomRun {
  readonly stageCount: number;
  readonly events: readonly NewRunEvent[];
  readonly end: RunEnd;
}

export function randomRun(seed: number): RandomRun {
  const draw = createDraw(seed);
  const stageCount = draw(12);
  const events: NewRunEvent[] = [];
  const running = new Map<number, number>();
  const waiting = Array.from({ length: stageCount }, (_, at) => at + 1);
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting[0];
    if (next !== undefined && (running.size === 0 || draw(3) === 0)) {
      waiting.shift();
      if (draw(5) === 0) {
        events.push(skipped(next));
      } else {
        running.set(next, 1);
        events.push(stageStarted(next));
      }
      continue;
    }
    const [index, attempt] = [...running][draw(running.size)] ?? [1, 1];
    if (draw(4) === 0) {
      running.set(index, attempt + 1);
      events.push(retried(index, attempt, draw));
    } else {
      running.delete(index);
      events.push(finished(index, draw));
    }
  }
  if (draw(5) === 0) events.push({ type: 'run.cancelling', signal: 'SIGINT', reason: 'signal' });
  return { stageCount, events, end: ending(draw) };
}

type Draw = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
export function createDraw(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function skipped(index: number): NewRunEvent {
  const id = `stage-${index}`;
  return { type: 'stage.skipped', index, id, reason: 'stopped-after-failure', summary: null };
}

function retried(index: number, attempt: number, draw: Draw): NewRunEvent {
  return {
    type: 'stage.retried',
    index,
    id: `stage-${index}`,
    attempt,
    outcome: 'exited',
    exit_code: 1 + draw(3),
    signal: null,
    duration_ms: draw(1000) / 8,
    delay_ms: draw(1000),
    reason: null,
  };
}

function finished(index: number, draw: Draw): NewRunEvent {
  const outcomes: readonly StageOutcome[] = ['exited', 'signalled', 'timed-out', 'silent', 'error'];
  const failed = draw(3) === 0;
  if (!failed) return stageFinished(index, { duration_ms: draw(10_000) });
  return stageFinished(index, {
    status: draw(4) === 0 ? 'skipped' : 'failed',
    outcome: outcomes[draw(outcomes.length)] ?? 'exited',
    exit_code: draw(3) === 0 ? null : 1 + draw(200),
    reason: draw(2) === 0 ? null : 'allow-failure',
    summary: 'Exited with code 1 — “ünïcode” \u2028 "quoted"\nsecond line',
    error_file: `errors/${index}.json`,
  });
}

function ending(draw: Draw): RunEnd {
  const statuses: readonly FinalStatus[] = ['succeeded', 'failed', 'cancelled', 'timed_out'];
  return {
    status: statuses[draw(statuses.length)] ?? 'failed',
    status_detail: draw(2) === 0 ? null : 'stage:stage-1:failed',
    duration_ms: draw(100_000),
    notes: draw(2) === 0 ? [] : ['A note.'],
  };
}
