import type { OutputFilter } from '@codex-orchestrator/exec';
import type { PrivacyMode, StagePrivacy } from '@codex-orchestrator/manifest';

/** Takes secrets out of what a run prints and records. */
export interface RunRedactor {
  /** `shadow` counts and changes nothing. */
  readonly mode: PrivacyMode;
  /** The filter of one stream, used for that stream alone. */
  openStream(): RedactingStream;
  /** The same rules for a text as a whole. */
  text(value: string): string;
  /** A copy with every string redacted; the same reference where nothing changed. */
  json<T>(value: T): T;
}

export interface RedactingStream extends OutputFilter {
  /** What was found so far. */
  readonly counts: RedactionCounts;
}

export interface RedactionCounts {
  /** Pieces of output as they arrived. */
  readonly frames: number;
  readonly redactedFrames: number;
  readonly blockedFrames: number;
  /** Matches by rule. */
  readonly matches: Readonly<Record<string, number>>;
}

/** Opens the filters of one stage and adds up what they found, over both streams and all attempts. */
export class StageRedaction {
  readonly #redactor: RunRedactor;
  readonly #streams: RedactingStream[] = [];

  constructor(redactor: RunRedactor) {
    this.#redactor = redactor;
  }

  readonly createFilter = (): OutputFilter => {
    const stream = this.#redactor.openStream();
    this.#streams.push(stream);
    return stream;
  };

  total(): StagePrivacy {
    const matches: Record<string, number> = {};
    const total = { frames: 0, redacted_frames: 0, blocked_frames: 0, matches };
    for (const { counts } of this.#streams) {
      total.frames += counts.frames;
      total.redacted_frames += counts.redactedFrames;
      total.blocked_frames += counts.blockedFrames;
      for (const [rule, count] of Object.entries(counts.matches)) {
        matches[rule] = (matches[rule] ?? 0) + count;
      }
    }
    return total;
  }
}
