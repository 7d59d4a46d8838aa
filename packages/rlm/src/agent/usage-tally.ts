import { addUsage, noUsage } from '../decide/add-usage.js';
import type { AgentEvent, Usage } from './agent.js';

/**
 * Adds up what events say of usage: steps add to each other, a total stands for all of its session so
 * far, and sessions add to each other.
 */
export class UsageTally {
  /** Of sessions that are over. */
  #earlier = noUsage;
  #earlierCalls = 0;
  #usage = noUsage;
  #session: string | undefined;
  #seenCalls = 0;
  #statedCalls = 0;

  note(event: AgentEvent): void {
    if (event.type === 'session') this.#enter(event.id);
    else if (event.type === 'tool') this.#seenCalls += 1;
    else if (event.type === 'usage') {
      this.#usage = event.counts === 'total' ? event.usage : addUsage(this.#usage, event.usage);
      this.#statedCalls = event.toolCalls ?? this.#statedCalls;
    }
  }

  get usage(): Usage {
    return addUsage(this.#earlier, this.#usage);
  }

  get toolCalls(): number {
    // A log can lack its middle: then the agent's own count knows of more calls than were seen.
    return this.#earlierCalls + Math.max(this.#seenCalls, this.#statedCalls);
  }

  #enter(session: string): void {
    if (session === this.#session) return;
    this.#session = session;
    this.#earlier = this.usage;
    this.#earlierCalls = this.toolCalls;
    this.#usage = noUsage;
    this.#seenCalls = 0;
    this.#statedCalls = 0;
  }
}
