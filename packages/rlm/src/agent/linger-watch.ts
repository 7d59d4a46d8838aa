import type { Clock } from '@codex-orchestrator/core';

import type { AgentEvent } from './agent.js';
import { ProgressWatch } from './progress-watch.js';

/**
 * Watches the time that a process takes to exit after its terminal event. An agent that works on after it
 * is not lingering: its next terminal event counts.
 */
export class LingerWatch implements Disposable {
  readonly #start: () => ProgressWatch;
  #watch: ProgressWatch | undefined;

  constructor(lingerMs: number, clock: Clock, onLingered: () => void) {
    this.#start = () => new ProgressWatch(lingerMs, clock, onLingered);
  }

  get isRunning(): boolean {
    return this.#watch !== undefined;
  }

  note(event: AgentEvent): void {
    if (event.type === 'end') this.#watch ??= this.#start();
    else if (isWork(event)) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = undefined;
  }
}

function isWork(event: AgentEvent): boolean {
  return (
    event.type === 'message' ||
    event.type === 'tool' ||
    (event.type === 'usage' && event.counts === 'step')
  );
}
