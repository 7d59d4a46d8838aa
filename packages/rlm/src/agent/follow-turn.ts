import { messageOf } from '@codex-orchestrator/core';
import type { CommandOutput, CommandResult } from '@codex-orchestrator/exec';

import { adapterOf } from './adapter-of.js';
import type { AgentCall, AgentSettings } from './agent.js';
import type { EventFile } from './event-file.js';
import { LingerWatch } from './linger-watch.js';
import { ProgressWatch } from './progress-watch.js';
import type { TurnNotes } from './turn-notes.js';
import { TurnOutput } from './turn-output.js';
import type { TurnPorts, TurnRequest } from './turn-ports.js';
import { TurnStop } from './turn-stop.js';
import type { StopCause } from './turn-stop.js';

export interface FollowedTurn {
  /** A text where the agent could not even be started. */
  readonly result: CommandResult | string;
  /** Why the loop ended it, if it did. */
  readonly cause: StopCause | undefined;
  /** Whether it is an agent that prints events. */
  readonly speaks: boolean;
}

export interface TurnKeepers {
  readonly notes: TurnNotes;
  readonly file: EventFile;
}

/** Calls an agent and reads what it prints until nothing of it runs any more. Never rejects. */
export async function followTurn(
  settings: AgentSettings,
  request: TurnRequest,
  ports: TurnPorts,
  { notes, file }: TurnKeepers,
): Promise<FollowedTurn> {
  const { clock, limits, lingerMs = 5000 } = ports;
  const adapter = adapterOf(settings.name);
  const reader = adapter.createReader(settings);
  using stop = new TurnStop(ports.signal);
  using linger = new LingerWatch(lingerMs, clock, () => {
    stop.stop('lingered');
  });
  using silence = watchSilence(ports, () => {
    stop.stop(linger.isRunning ? 'lingered' : 'silent');
  });
  const output = new TurnOutput({
    reader,
    notes,
    file,
    onProgress: () => {
      silence?.note();
    },
    onEvent: (event) => {
      linger.note(event);
      // What a turn used to come to its end is spent either way.
      if (notes.end === undefined && isSpent(notes, ports)) stop.stop('budget-limit');
    },
  });
  const onRawOutput = (piece: CommandOutput): void => {
    output.take(piece);
    if (output.bytes > limits.maxOutputBytes) stop.stop('output-limit');
  };
  const result = await call(() => adapter.createCall(settings, request), {
    ports,
    cwd: request.cwd,
    signal: stop.signal,
    onRawOutput,
  });
  output.finish();
  return { result, cause: stop.cause, speaks: reader !== undefined };
}

function watchSilence(
  { limits: { silenceTimeoutMs }, clock }: TurnPorts,
  onSilence: () => void,
): ProgressWatch | null {
  return silenceTimeoutMs === null ? null : new ProgressWatch(silenceTimeoutMs, clock, onSilence);
}

interface CallContext {
  readonly ports: TurnPorts;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onRawOutput: (piece: CommandOutput) => void;
}

async function call(
  createCall: () => AgentCall,
  { ports, ...options }: CallContext,
): Promise<CommandResult | string> {
  const { environment, files, limits, runProcess } = ports;
  try {
    const { command, stdin, env } = createCall();
    return await runProcess(command, {
      ...options,
      env: { ...environment, ...env },
      logPath: files.log,
      tailBytes: 64 * 1024,
      ...(stdin === undefined ? {} : { stdin }),
      ...(limits.turnTimeoutMs === null ? {} : { timeoutMs: limits.turnTimeoutMs }),
    });
  } catch (error) {
    return messageOf(error);
  }
}

function isSpent({ tally }: TurnNotes, { allowance }: TurnPorts): boolean {
  const { inputTokens, outputTokens, costUsd } = tally.usage;
  const { tokens = null, costUsd: money = null } = allowance ?? {};
  return (
    (tokens !== null && inputTokens + outputTokens > tokens) || (money !== null && costUsd > money)
  );
}
