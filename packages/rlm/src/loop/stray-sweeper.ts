import type { Clock } from '@codex-orchestrator/core';
import { endLeftovers, listProcessIds } from '@codex-orchestrator/exec';

/** By this variable a process is known as one of a loop, in whatever group and session it is. */
export const loopVariable = 'CODEX_ORCHESTRATOR_LOOP_DIR';

/** What an agent left behind has had its turn. */
const graceMs = 200;

/**
 * Ends whatever turns and validators left behind that is no member of their process groups any more: a
 * process that goes on writing would decide what the validators see. A process that has emptied its
 * environment is out of reach, but for that of a containment.
 */
export class StraySweeper {
  readonly #loopDir: string;
  readonly #clock: Clock;
  readonly #variable: string;
  /** What ran before the loop is none of its processes. */
  readonly #before = listProcessIds();

  constructor(loopDir: string, clock: Clock, variable = loopVariable) {
    this.#loopDir = loopDir;
    this.#clock = clock;
    this.#variable = variable;
  }

  /** Returns how many there were. */
  async sweep(): Promise<number> {
    const marker = { name: this.#variable, value: this.#loopDir };
    const search = { groups: [], marker, before: this.#before };
    const ended = await endLeftovers(search, { clock: this.#clock, graceMs });
    return ended.reduce((sum, { pids }) => sum + pids.length, 0);
  }
}
