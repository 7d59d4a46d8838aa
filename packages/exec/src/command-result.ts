/**
 * How a command ended. The first cause wins: a command that is stopped for its time limit and then
 * exits 0 is `timed-out`. Every kind has the exit code that a shell would give it.
 */
export type CommandOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals; readonly exitCode: number }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number; readonly exitCode: 124 }
  | { readonly kind: 'silent'; readonly silenceTimeoutMs: number; readonly exitCode: 124 }
  | { readonly kind: 'cancelled'; readonly reason: unknown; readonly exitCode: 130 }
  | SpawnFailure;

/** The command never ran. */
export interface SpawnFailure {
  readonly kind: 'spawn-failed';
  /** The code of the operating system, such as `ENOENT` or `E2BIG`, or Node's for an unusable argument. */
  readonly errno: string;
  /** What could not be used: the program itself, or the folder that it was to start in. */
  readonly subject: 'command' | 'cwd';
  readonly message: string;
  /** 127 when the program was not found, else 126. */
  readonly exitCode: 126 | 127;
}

/** The end of one stream, as text. */
export interface CapturedTail {
  /** The last bytes, cut between characters; bytes that are not UTF-8 show as U+FFFD. */
  readonly text: string;
  /** Bytes of the whole stream, after the filter. */
  readonly totalBytes: number;
  /** Whether the stream had more than the text holds. */
  readonly truncated: boolean;
}

/** What became of the log file. */
export interface LogReport {
  readonly path: string;
  /** Bytes in the file. */
  readonly bytes: number;
  /** Bytes that the command printed on both streams, after the filter. */
  readonly seenBytes: number;
  /** Those of them that the file does not have, for its size limit or for an error. */
  readonly omittedBytes: number;
  /**
   * SHA-256 in hex of what was written into the file, taken on the way and not from the file: when
   * the two differ, somebody else wrote into it. Absent when there is an `error`.
   */
  readonly sha256?: string;
  /** The first failure of the file. Nothing was written after it; the command ran on. */
  readonly error?: LogFailure;
}

export interface LogFailure {
  /** The code of the operating system, such as `ENOSPC`. */
  readonly code: string;
  readonly message: string;
}

/** A failure beside the command that did not change its outcome. At most one is kept per place. */
export interface CommandProblem {
  readonly where: 'onStarted' | 'onOutput' | 'filter' | 'stdin' | 'stdout' | 'stderr';
  readonly error: unknown;
}

/** What it took until nothing of the process group was left. `survived`: even SIGKILL did not end it. */
export type GroupEnd = 'by-itself' | 'terminated' | 'killed' | 'survived';

export interface CommandResult {
  readonly outcome: CommandOutcome;
  /** Wall-clock start in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Monotonic time from the start until nothing of the command was left. */
  readonly durationMs: number;
  /** The main process, also the id of its process group. Absent when it never started. */
  readonly pid?: number;
  readonly stdout: CapturedTail;
  readonly stderr: CapturedTail;
  readonly log?: LogReport;
  /** Whether both streams were read to their end. False: a process that left the group kept one open. */
  readonly drained: boolean;
  /** Whether the main process ended by itself and left others behind, which were then ended. */
  readonly leftovers: boolean;
  readonly groupEnd: GroupEnd;
  /** What else went wrong: hooks that threw, streams that failed. */
  readonly problems: readonly CommandProblem[];
}

/** The exit code that stands for an outcome: the command's own, 128+n, 124, 126, 127 or 130. */
export function exitCodeOf(outcome: CommandOutcome): number {
  return outcome.exitCode;
}
