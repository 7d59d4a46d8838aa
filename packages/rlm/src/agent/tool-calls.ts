import type { AgentEvent } from './agent.js';
import { membersOf, textOf } from './json-members.js';

/** More calls than an agent has under way, or repeats, at the same time. */
const maxRemembered = 1000;

/** What is known of the calls of tools whose start and end are told apart. Its memory is bounded. */
export class ToolCalls {
  readonly #open = new Map<string, { readonly name: string; readonly detail: string }>();
  readonly #closed = new Set<string>();
  #unnamed = 0;

  /** Agents tell of the same call again with each part of a message. */
  begin(id: unknown, name: string, detail: string): void {
    const key = textOf(id) ?? `unnamed ${(this.#unnamed += 1)}`;
    if (this.#closed.has(key) || this.#open.has(key) || this.#open.size >= maxRemembered) return;
    this.#open.set(key, { name, detail });
  }

  end(id: unknown, failed: boolean): AgentEvent[] {
    const key = textOf(id);
    const call = key === undefined ? undefined : this.#open.get(key);
    if (key === undefined || call === undefined) return [];
    this.#open.delete(key);
    this.#close(key);
    return [{ type: 'tool', ...call, failed }];
  }

  /** Those whose end was not told: nothing says that they failed. */
  endAll(): AgentEvent[] {
    const calls = [...this.#open];
    this.#open.clear();
    for (const [key] of calls) this.#close(key);
    return calls.map(([, call]) => ({ type: 'tool', ...call, failed: false }));
  }

  #close(key: string): void {
    this.#closed.add(key);
    if (this.#closed.size <= maxRemembered) return;
    for (const oldest of this.#closed) {
      this.#closed.delete(oldest);
      break;
    }
  }
}

/** What a call is about, in one line: its command or its path rather than all of its arguments. */
export function describeArguments(value: unknown): string {
  const members = membersOf(value);
  for (const name of ['command', 'cmd', 'file_path', 'filePath', 'path', 'pattern', 'url']) {
    const text = textOf(members[name]);
    if (text !== undefined) return text;
  }
  return Object.keys(members).length === 0 ? '' : JSON.stringify(value);
}
