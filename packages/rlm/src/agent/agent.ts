import type { CommandLine } from '@codex-orchestrator/exec';

/** The agents that the loop can speak with; `command` is any other program. */
export const agentNames = ['codex', 'claude', 'gemini', 'qwen', 'opencode', 'command'] as const;
export type AgentName = (typeof agentNames)[number];

/** Which agent works on the goal, and what is particular about calling it here. */
export interface AgentSettings {
  readonly name: AgentName;
  /** Program to start, a name on the path or a path. @default the agent's own name */
  readonly program?: string | undefined;
  /** Arguments before those of the loop, such as `-m` and a model. */
  readonly args: readonly string[];
  /**
   * The line for the shell, for `command` alone. `{prompt_file}` stands for the path of the prompt,
   * quoted; a template without it reads the prompt on its standard input.
   */
  readonly template?: string | undefined;
  /** Whose events a `command` prints. @default none: it has ended well when it exits with 0 */
  readonly speaks?: Exclude<AgentName, 'command'> | undefined;
}

/** One call of an agent. */
export interface AgentRequest {
  readonly prompt: string;
  /** Where the same text lies, absolute. */
  readonly promptPath: string;
  /** Whether the agent is asked to change nothing, as planners and critics are. */
  readonly readOnly: boolean;
}

export interface AgentCall {
  readonly command: CommandLine;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What is particular about one agent: how it is called and what its output means. Pure. */
export interface AgentAdapter {
  readonly name: AgentName;
  /** What it is called where it is installed; undefined for `command`. */
  readonly program: string | undefined;
  createCall(settings: AgentSettings, request: AgentRequest): AgentCall;
  /** Reads the events of one call; undefined for a program that prints none. */
  createReader(settings: AgentSettings): EventReader | undefined;
}

/** Reads the output of one call, line by line, before anything is taken out of it. */
export interface EventReader {
  /** What a line of its standard output says, in order; nothing for a line that is no event. */
  read(line: string): readonly AgentEvent[];
  /** The same for its standard error; only for agents that say there what they say nowhere else. */
  readError?(line: string): readonly AgentEvent[];
}

/** What agents say, in words that are the same for all of them. */
export type AgentEvent =
  | { readonly type: 'session'; readonly id: string }
  | { readonly type: 'message'; readonly text: string }
  | {
      readonly type: 'tool';
      readonly name: string;
      /** Such as the command line or the path. */
      readonly detail: string;
      readonly failed: boolean;
    }
  /** Something that the agent wanted to do and was kept from, by its permissions or its sandbox. */
  | { readonly type: 'denied'; readonly tool: string; readonly detail: string }
  /** A sign of progress that needs no further words, such as the start of a tool. */
  | { readonly type: 'activity' }
  /** What this step used, or all of the session so far. */
  | {
      readonly type: 'usage';
      readonly counts: 'step' | 'total';
      readonly usage: Usage;
      /** Uses of tools in the session as the agent adds them up itself. @default it does not */
      readonly toolCalls?: number;
    }
  /** The agent waits for its service; no sign of progress. */
  | { readonly type: 'waiting'; readonly detail: string }
  | { readonly type: 'error'; readonly message: string }
  /** The terminal event: only with it has a turn come to its end. */
  | { readonly type: 'end'; readonly ok: boolean; readonly reason: string };

/** What a turn used, by the agent's own account. */
export interface Usage {
  /** All that was sent, cached or not. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** 0 where the agent states no cost. */
  readonly costUsd: number;
}
