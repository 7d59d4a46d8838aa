import {
  nodeFileSystem,
  readProcessStat,
  systemClock,
  systemRandom,
} from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { OutputFilter } from '@codex-orchestrator/exec';

import type { RunProcess, WorldPorts } from '../../src/loop/ports.js';

export const secret = 'hunter2-hunter2';

/** What the pipeline gives a loop, as far as validators need it: the secret above is taken out. */
export function createWorld(overrides: Partial<WorldPorts> = {}): WorldPorts {
  return {
    runProcess,
    environment: { PATH: process.env['PATH'] ?? '' },
    signal: new AbortController().signal,
    redact,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    ...overrides,
  };
}

const runProcess: RunProcess = (command, options) =>
  runCommand(command, { ...options, graceMs: 100, createFilter });

function createFilter(): OutputFilter {
  return {
    push: (chunk) => (chunk.includes(secret) ? Buffer.from(redact(chunk.toString())) : chunk),
    flush: () => Buffer.alloc(0),
  };
}

function redact(text: string): string {
  return text.replaceAll(secret, '[REDACTED]');
}

/** Whether a process runs; one that nobody has asked for its exit code yet does not. */
export function isRunning(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && stat.state !== 'Z';
}
