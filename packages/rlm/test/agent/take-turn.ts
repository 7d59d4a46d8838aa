import { chmod } from 'node:fs/promises';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { CommandOutput, OutputFilter } from '@codex-orchestrator/exec';
import type { Rig } from '@codex-orchestrator/testing';

import type { AgentSettings } from '../../src/agent/agent.js';
import { runTurn } from '../../src/agent/run-turn.js';
import type { TurnLimits, TurnPorts } from '../../src/agent/turn-ports.js';
import type { Turn } from '../../src/agent/turn.js';
import type { RunProcess } from '../../src/loop/ports.js';

export const secret = 'hunter2-hunter2';

/** Starts processes as a run does, without what contains them there. */
export const runProcess: RunProcess = (command, { onRawOutput, ...options }) =>
  runCommand(command, {
    ...options,
    graceMs: 200,
    createFilter: (stream) => hideSecret((bytes) => onRawOutput?.({ stream, bytes })),
  });

/** Sees the raw bytes and gives them on without the secret, wherever they are cut. */
function hideSecret(onRaw: (bytes: Buffer) => void): OutputFilter {
  let held = '';
  return {
    push(chunk) {
      onRaw(chunk);
      const text = redact(held + chunk.toString('latin1'));
      const cut = Math.max(0, text.length - secret.length);
      held = text.slice(cut);
      return Buffer.from(text.slice(0, cut), 'latin1');
    },
    flush: () => Buffer.from(held, 'latin1'),
  };
}

export function redact(text: string): string {
  return text.replaceAll(secret, '[REDACTED]');
}

export type TurnSetting = Partial<Omit<AgentSettings, 'program'>> &
  Partial<TurnLimits> &
  Partial<Pick<TurnPorts, 'allowance' | 'fs' | 'lingerMs' | 'maxEventBytes' | 'signal'>> & {
    /** Told of each piece of output. */
    readonly onRaw?: (output: CommandOutput) => void;
    /** @default a script that is written for the turn */
    readonly program?: string;
    readonly prompt?: string;
  };

/** Has a shell script be the agent of one turn; it is called as codex is, if nothing else is said. */
export async function takeTurn(rig: Rig, script: string, setting: TurnSetting = {}): Promise<Turn> {
  const { name = 'codex', args = [], template, speaks } = setting;
  await rig.write({ agent: `#!/bin/sh\n${script}\n`, 'repo/file': '' });
  await chmod(rig.path('agent'), 0o755);
  const program = setting.program ?? rig.path('agent');
  const files = filesOf(rig);
  return runTurn(
    { name, args, template, speaks, ...(name === 'command' ? {} : { program }) },
    {
      role: 'agent',
      cwd: rig.path('repo'),
      prompt: setting.prompt ?? 'Fix it.',
      promptPath: files.prompt,
      readOnly: false,
    },
    { ...portsOf(rig, setting), files },
  );
}

export function filesOf(rig: Rig): TurnPorts['files'] {
  const folder = (name: string): string => rig.path('rlm/iterations/1', name);
  return {
    prompt: folder('prompt.md'),
    log: folder('agent.log'),
    events: folder('events.ndjson'),
  };
}

function portsOf(rig: Rig, setting: TurnSetting): Omit<TurnPorts, 'files'> {
  const { onRaw, allowance, fs, lingerMs, maxEventBytes, signal, ...limits } = setting;
  return {
    runProcess: (command, options) =>
      runProcess(command, {
        ...options,
        onRawOutput: (output) => {
          options.onRawOutput?.(output);
          onRaw?.(output);
        },
      }),
    environment: { PATH: String(process.env['PATH']), HOME: rig.root },
    signal: signal ?? new AbortController().signal,
    redact,
    fs: fs ?? nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    loopDir: rig.path('rlm'),
    limits: {
      turnTimeoutMs: limits.turnTimeoutMs ?? 20_000,
      silenceTimeoutMs: limits.silenceTimeoutMs ?? null,
      maxOutputBytes: limits.maxOutputBytes ?? Infinity,
    },
    ...(allowance && { allowance }),
    ...(lingerMs !== undefined && { lingerMs }),
    ...(maxEventBytes !== undefined && { maxEventBytes }),
  };
}

/** Lines of a script that print events. */
export function say(...events: readonly object[]): string {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return `cat <<'END_OF_EVENTS'\n${lines}END_OF_EVENTS`;
}

export const started = { type: 'thread.started', thread_id: 'thread-1' };
export const completed = {
  type: 'turn.completed',
  usage: { input_tokens: 1000, cached_input_tokens: 900, output_tokens: 50 },
};

export function message(text: string): object {
  return { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text } };
}

export function ran(command: string, exitCode: number, output = ''): object {
  const item = { type: 'command_execution', command, exit_code: exitCode };
  return { type: 'item.completed', item: { ...item, aggregated_output: output } };
}
