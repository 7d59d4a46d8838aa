import type { OutputFilter, OutputStream } from '@codex-orchestrator/exec';
import type { PrivacyMode, StagePrivacy } from '@codex-orchestrator/manifest';

/** Takes secrets out of what a run prints and records. */
export interface RunRedactor {
  /** `shadow` counts and changes nothing. */
  readonly mode: PrivacyMode;
  /** The filter of one stream, used for that stream alone, and what stands beside it if anything does. */
  openStream(beside?: RedactingStream): RedactingStream;
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

/** What was found in two parts of a stage's output, together. */
export function addStagePrivacy(one: StagePrivacy, other: StagePrivacy): StagePrivacy {
  const matches: Record<string, number> = { ...one.matches };
  for (const [rule, count] of Object.entries(other.matches)) {
    matches[rule] = (matches[rule] ?? 0) + count;
  }
  return {
    frames: one.frames + other.frames,
    redacted_frames: one.redacted_frames + other.redacted_frames,
    blocked_frames: one.blocked_frames + other.blocked_frames,
    matches,
  };
}

/** Opens the filters of one stage and adds up what they found, over both streams and all attempts. */
export class StageRedaction {
  readonly #redactor: RunRedactor;
  readonly #streams: RedactingStream[] = [];
  /** Of the attempt that is beginning: exec opens it before stderr. */
  #stdout: RedactingStream | undefined;

  constructor(redactor: RunRedactor) {
    this.#redactor = redactor;
  }

  readonly createFilter = (name: OutputStream): OutputFilter => {
    const stream = this.#redactor.openStream(name === 'stderr' ? this.#stdout : undefined);
    if (name === 'stdout') this.#stdout = stream;
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
