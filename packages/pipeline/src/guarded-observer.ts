import type { CommandOutput } from '@codex-orchestrator/exec';
import type { RunEvent } from '@codex-orchestrator/manifest';

import type { RunObserver } from './run-observer.js';

/** Keeps what an observer throws from everybody else. */
export class GuardedObserver {
  readonly problems: unknown[] = [];
  readonly #observer: RunObserver | undefined;

  constructor(observer: RunObserver | undefined) {
    this.#observer = observer;
  }

  get wantsOutput(): boolean {
    return this.#observer?.onOutput !== undefined;
  }

  onEvent(event: RunEvent): void {
    this.#guard((observer) => {
      observer.onEvent(event);
    });
  }

  readonly onOutput = (stageIndex: number, { stream, bytes }: CommandOutput): void => {
    this.#guard((observer) => observer.onOutput?.(stageIndex, stream, bytes));
  };

  forSubpipeline(stageIndex: number): RunObserver | undefined {
    return this.#guard((observer) => observer.forSubpipeline?.(stageIndex));
  }

  /** An observer that throws at every line is one problem, not a million. */
  #guard<T>(call: (observer: RunObserver) => T): T | undefined {
    try {
      return this.#observer && call(this.#observer);
    } catch (error) {
      if (this.problems.length < 10) this.problems.push(error);
      return undefined;
    }
  }
}
