import type { Artifact, JsonObject } from '@codex-orchestrator/manifest';

import { PipelineError } from './errors.js';
import type { LoopTrace } from './loop-history.js';
import type { PlannedLoop } from './plan.js';
import type { StageContext } from './stage-context.js';
import { loopFolder } from './stage-files.js';

/** Readers take lines of up to 16 MiB, and taking secrets out can make a text longer. */
const maxCharacters = 4 * 1024 * 1024;

/** What one loop puts into the journal, in its order. */
export class LoopJournal {
  readonly #stage: PlannedLoop;
  readonly #context: Pick<StageContext, 'append'>;
  readonly #continues: boolean;
  #lastIteration: number;
  #begun = false;

  constructor(
    stage: PlannedLoop,
    trace: LoopTrace | undefined,
    context: Pick<StageContext, 'append'>,
  ) {
    this.#stage = stage;
    this.#context = context;
    this.#continues = trace !== undefined;
    this.#lastIteration = trace?.lastIteration ?? 0;
  }

  begin(facts: JsonObject): void {
    if (this.#begun) throw this.#refuse('it has begun already');
    this.#expectBounded('what it goes by', facts);
    const { index, id } = this.#stage;
    this.#context.append({ type: 'loop.started', index, id, continues: this.#continues, facts });
    this.#begun = true;
  }

  iterated(n: number, facts: JsonObject, artifacts: readonly Artifact[]): void {
    if (!this.#begun) throw this.#refuse(`iteration ${n} ends before it has begun`);
    if (!Number.isSafeInteger(n) || n <= this.#lastIteration) {
      throw this.#refuse(`iteration ${n} follows iteration ${this.#lastIteration}`);
    }
    const strange = artifacts.find(({ path }) => !path.startsWith(`${loopFolder}/`));
    if (strange) throw this.#refuse(`"${strange.path}" is not below ${loopFolder}/`);
    this.#expectBounded(`iteration ${n}`, { facts, artifacts });
    const { index, id } = this.#stage;
    this.#context.append({ type: 'loop.iteration', index, id, n, facts, artifacts });
    this.#lastIteration = n;
  }

  #expectBounded(subject: string, value: object): void {
    const { length } = JSON.stringify(value);
    if (length <= maxCharacters) return;
    throw this.#refuse(`${subject} takes ${length} characters, more than ${maxCharacters}`);
  }

  #refuse(reason: string): PipelineError {
    const message = `The loop of stage '${this.#stage.id}' is not recorded further: ${reason}`;
    return new PipelineError('LOOP_REFUSED', message);
  }
}
