import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type {
  CommandLine,
  CommandOutput,
  CommandResult,
  RunCommandOptions,
} from '@codex-orchestrator/exec';

export interface ProcessOptions extends Pick<
  RunCommandOptions,
  | 'cwd'
  | 'env'
  | 'logMaxBytes'
  | 'logPath'
  | 'signal'
  | 'silenceTimeoutMs'
  | 'stdin'
  | 'tailBytes'
  | 'timeoutMs'
> {
  /** Told of each piece of output, after secrets were taken out. */
  readonly onOutput?: (output: CommandOutput) => void;
  /** Told of each piece of output as it came: what it keeps of it is for `redact` first. */
  readonly onRawOutput?: (output: CommandOutput) => void;
}

/**
 * Starts an agent or a validator: inside what its run keeps for containing them, noted where whoever
 * comes after a crash finds it, without secrets in log and tails. Never rejects for what the command does.
 */
export type RunProcess = (command: CommandLine, options: ProcessOptions) => Promise<CommandResult>;

/** What everything in the loop that touches the world is given. */
export interface WorldPorts {
  readonly runProcess: RunProcess;
  /** The environment that agents and validators are started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted when the loop is cancelled or its time is over. */
  readonly signal: AbortSignal;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}
