import { adapterOf } from './adapter-of.js';
import { agentNames } from './agent.js';
import type { AgentName, EventReader, Usage } from './agent.js';
import { UsageTally } from './usage-tally.js';

/** Programs whose own events say what they used. */
export type MeteredAgent = Exclude<AgentName, 'command'>;

export function isMeteredAgent(program: string): program is MeteredAgent {
  return program !== 'command' && (agentNames as readonly string[]).includes(program);
}

/**
 * Adds up what an agent says that it used, line by line, from the log of any command that ran it, however
 * often. What is no event of it counts nothing.
 */
export class UsageCounter {
  readonly #reader: EventReader | undefined;
  readonly #tally = new UsageTally();

  constructor(agent: MeteredAgent) {
    this.#reader = adapterOf(agent).createReader({ name: agent, args: [] });
  }

  /** Takes one line of output. */
  add(line: string): void {
    for (const event of this.#reader?.read(line) ?? []) this.#tally.note(event);
  }

  get usage(): Usage {
    return this.#tally.usage;
  }

  get toolCalls(): number {
    return this.#tally.toolCalls;
  }
}
