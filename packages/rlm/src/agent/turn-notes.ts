import type { AgentEvent } from './agent.js';
import { clipEnd, clipStart } from './clip-text.js';
import type { Turn } from './turn.js';
import { UsageTally } from './usage-tally.js';

/** Most bytes of what is kept of a turn. */
const usualMessageBytes = 16 * 1024;
const maxLineBytes = 1000;
const maxListed = 20;

/**
 * How much more of a text is looked at for secrets than is kept: what is cut off its end may be a part
 * of one.
 */
const marginFactor = 4;

/** What is kept of all that an agent said in one turn. Its memory is bounded. */
export class TurnNotes {
  readonly tally = new UsageTally();
  /** The last terminal event. */
  end: Extract<AgentEvent, { type: 'end' }> | undefined;
  /** What it waits for, if that is the last thing it said. */
  waitingFor: string | undefined;
  readonly #redact: (text: string) => string;
  readonly #maxMessageBytes: number;
  readonly #denials = new Set<string>();
  readonly #errors = new Set<string>();
  #session: string | null = null;
  /** As it was said: only the last one is looked at for secrets. */
  #message: string | undefined;

  constructor(redact: (text: string) => string, maxMessageBytes = usualMessageBytes) {
    this.#redact = redact;
    this.#maxMessageBytes = maxMessageBytes;
  }

  note(event: AgentEvent): void {
    this.tally.note(event);
    this.waitingFor = event.type === 'waiting' ? event.detail : undefined;
    switch (event.type) {
      case 'session':
        this.#session ??= event.id;
        break;
      case 'message':
        this.#message = clipStart(event.text, marginFactor * this.#maxMessageBytes);
        break;
      case 'denied':
        this.#list(this.#denials, `${event.tool}: ${event.detail}`);
        break;
      case 'error':
        this.#list(this.#errors, event.message);
        break;
      case 'end':
        this.end = event;
        if (!event.ok) this.#list(this.#errors, event.reason);
        break;
      case 'activity':
      case 'tool':
      case 'usage':
      case 'waiting':
        break;
    }
  }

  describe(): Pick<Turn, 'denials' | 'errors' | 'message' | 'sessionId' | 'toolCalls' | 'usage'> {
    return {
      message: this.#message === undefined ? null : this.keepMessage(this.#message),
      sessionId: this.#session === null ? null : this.keepLine(this.#session),
      usage: this.tally.usage,
      toolCalls: this.tally.toolCalls,
      denials: [...this.#denials],
      errors: [...this.#errors],
    };
  }

  /** The end of a text, fit to be kept; null when nothing is in it. */
  keepMessage(text: string): string | null {
    const clean = this.#redact(clipStart(text, marginFactor * this.#maxMessageBytes)).trim();
    return clean === '' ? null : clipStart(clean, this.#maxMessageBytes);
  }

  /** A text as one line, fit to be kept. */
  keepLine(text: string): string {
    const clean = this.#redact(clipEnd(text, marginFactor * maxLineBytes));
    return clipEnd(clean.replace(/\s+/g, ' ').trim(), maxLineBytes);
  }

  /** An event with its texts fit to be kept. */
  keepEvent(event: AgentEvent): AgentEvent {
    if (event.type === 'message') return { ...event, text: this.keepMessage(event.text) ?? '' };
    const members = Object.entries(event as Readonly<Record<string, unknown>>);
    const kept = members.map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'string' && !fixed.has(name) ? this.keepLine(value) : value,
    ]);
    return Object.fromEntries(kept) as AgentEvent;
  }

  #list(list: Set<string>, text: string): void {
    if (list.size < maxListed) list.add(this.keepLine(text));
  }
}

/** Members whose texts are words of this program. */
const fixed: ReadonlySet<string> = new Set(['type', 'counts']);
