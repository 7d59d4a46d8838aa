/**
 * A loop as a stage of a pipeline configures it: what the configuration's own schema lets through. It is
 * wider than that schema, so that whatever gets here is still refused by name.
 */
export interface ConfiguredLoop {
  readonly goal?: string | undefined;
  /** Name of the agent. @default the first one that is installed */
  readonly agent?: string | undefined;
  /** The agent's program, a name on the path or a path. */
  readonly program?: string | undefined;
  readonly agentArgs?: readonly string[] | undefined;
  /** A line for the shell: implies the agent `command`. */
  readonly agentTemplate?: string | undefined;
  readonly agentSpeaks?: string | undefined;
  /** @default "auto" */
  readonly validators?: string | readonly ConfiguredValidator[] | undefined;
  readonly validatorTimeoutMs?: number | undefined;
  readonly roles?: string | undefined;
  readonly subagents?: boolean | undefined;
  /** 0 means no limit. */
  readonly maxIterations?: number | undefined;
  /** 0 means none. */
  readonly maxMinutes?: number | undefined;
  readonly turnTimeoutMs?: number | undefined;
  readonly silenceTimeoutMs?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly maxConsecutiveErrors?: number | undefined;
  readonly maxOutputBytes?: number | undefined;
  readonly stallAfter?: number | undefined;
  readonly isolation?: string | undefined;
  readonly protect?: readonly string[] | undefined;
  readonly onTamper?: string | undefined;
}

/** A line for the shell, a program with its arguments, or one of both with particulars. */
export type ConfiguredValidator =
  | string
  | readonly string[]
  | {
      readonly name?: string | undefined;
      readonly command: string | readonly string[];
      readonly timeoutMs?: number | undefined;
    };
