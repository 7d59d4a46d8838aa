import type { RunEvent, RunFinishedEvent } from '@codex-orchestrator/manifest';

import type { Answer } from '../answer.js';
import type { Progress } from '../render/progress.js';
import type { RunListener } from './follow-run.js';
import type { JournalLine } from './journal-follower.js';
import type { OutputFollower } from './output-follower.js';
import type { StagePeek } from './stage-peek.js';

/** Most chunks of output between two looks at the journal. */
const chunksPerTurn = 16;

export interface RunScreenParts {
  readonly answer: Answer;
  readonly progress: Progress | undefined;
  readonly peek: StagePeek;
  /** Undefined when nobody wants the output of the stages. */
  readonly output: OutputFollower | undefined;
}

/** Shows a run that somebody else runs. */
export class RunScreen implements RunListener, Disposable {
  readonly isSatisfied = false;
  readonly #parts: RunScreenParts;
  #finished: RunFinishedEvent | undefined;

  constructor(parts: RunScreenParts) {
    this.#parts = parts;
  }

  onLine({ value, event }: JournalLine): void {
    this.#parts.answer.event(value);
    if (event !== undefined) this.#show(event);
  }

  update(): boolean {
    const { progress, peek, output } = this.#parts;
    if (output !== undefined) return readSome(output);
    if (progress === undefined) return false;
    peek.look((index, bytes) => {
      progress.onOutput(index, bytes);
    });
    return false;
  }

  [Symbol.dispose](): void {
    const { progress, output } = this.#parts;
    if (this.#finished !== undefined) progress?.onEvent(this.#finished);
    progress?.close();
    output?.[Symbol.dispose]();
  }

  /** An end is shown when it is the last: a further attempt of the run may follow it. */
  #show(event: RunEvent): void {
    const { progress, peek, output } = this.#parts;
    peek.onEvent(event);
    output?.onEvent(event);
    if (event.type === 'run.finished') this.#finished = event;
    else progress?.onEvent(event);
    if (event.type === 'run.resumed') this.#finished = undefined;
  }
}

/** Returns whether there may be more. */
export function readSome(output: OutputFollower): boolean {
  for (let chunks = 0; chunks < chunksPerTurn; chunks += 1) {
    if (!output.read()) return false;
  }
  return true;
}
