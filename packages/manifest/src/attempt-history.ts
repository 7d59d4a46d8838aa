import type { RunEvent } from './events.js';

/** What a seal has to know of the events before it. */
export class AttemptHistory {
  /** Number of the event that completes the latest end of an attempt; 0 before the first one. */
  endedAt = 0;
  /**
   * Files that the end of an earlier attempt named, and nothing since: no writer vouched for them, and
   * a later attempt may have written them again.
   */
  readonly namedAtEnd = new Set<string>();

  note(event: RunEvent): void {
    if (event.type === 'run.finished') {
      this.endedAt = event.seq;
      for (const { path } of event.artifacts ?? []) this.namedAtEnd.add(path);
    } else if (event.type === 'run.recorded') {
      this.endedAt = event.seq;
    } else if (event.type === 'run.resumed') {
      for (const { from } of event.moved) this.namedAtEnd.delete(from);
    } else if ('artifacts' in event) {
      for (const { path } of event.artifacts ?? []) this.namedAtEnd.delete(path);
    }
  }
}
