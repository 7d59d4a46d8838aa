import { readFileSync } from 'node:fs';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';

import { runTurn } from '../../src/agent/run-turn.js';

/** Follows one turn of an agent that prints what `argv[3]` says, and tells what it came to. */
const [, , folder = '', template = ''] = process.argv;
const files = {
  prompt: `${folder}/prompt.md`,
  log: `${folder}/agent.log`,
  events: `${folder}/events.ndjson`,
};
const { outcome, message, toolCalls } = await runTurn(
  { name: 'command', args: [], template, speaks: 'codex' },
  { role: 'agent', cwd: folder, prompt: '', promptPath: files.prompt, readOnly: false },
  {
    runProcess: (command, { onRawOutput, ...options }) =>
      runCommand(command, { ...options, ...(onRawOutput && { onOutput: onRawOutput }) }),
    environment: { PATH: String(process.env['PATH']) },
    signal: new AbortController().signal,
    redact: (text) => text,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    loopDir: folder,
    files,
    limits: { turnTimeoutMs: null, silenceTimeoutMs: null, maxOutputBytes: Infinity },
  },
);
// What `resourceUsage` tells begins with the size of the process that started this one.
const peakKib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
const { user, system } = process.cpuUsage();
const cpuMs = Math.round((user + system) / 1000);
process.stdout.write(JSON.stringify({ outcome, message, toolCalls, peakKib, cpuMs }));
