import { join } from 'node:path';

import { createRunId } from '@codex-orchestrator/core';
import type { GatePorts } from '@codex-orchestrator/gates';

import { listenForCancellation } from '../../cancellation.js';
import { exitCodeOfStatus } from '../../exit-codes.js';
import { readGateConfig } from '../../gates/gate-config.js';
import { openPorts } from '../../gates/open-ports.js';
import type { Io } from '../../io.js';
import { redactorFor } from '../../privacy.js';
import { printable } from '../../render/printable.js';
import { resolveTask } from '../../task.js';
import { findWorkspace } from '../../workspace.js';
import { optionsOf } from './gate-flags.js';
import type { GateFlags } from './gate-flags.js';

/**
 * Does work with the ports of this call; a signal ends it.
 *
 * @returns The exit code: that of the work, or that of the signal.
 */
export async function workOnGates(
  flags: GateFlags,
  io: Io,
  work: (ports: GatePorts) => Promise<number>,
): Promise<number> {
  const workspace = findWorkspace(io);
  const config = readGateConfig(workspace);
  using cancellation = listenForCancellation(io);
  const { signal } = cancellation;
  const taskId = namedTask(flags, workspace.root, io);
  const redactor = redactorFor(io.env);
  const ports = openPorts({
    workspace,
    config,
    environment: environmentOf(flags, io),
    taskId,
    options: optionsOf(flags, { cwd: io.cwd, root: workspace.root }),
    signal,
    clock: io.clock,
    tell: (line) => {
      tell(line, io);
    },
    reviewing: {
      folder: join(workspace.outDir, taskId ?? 'local', 'reviews', createRunId()),
      redact: (text) => redactor.text(text),
    },
  });
  try {
    return await work(ports);
  } catch (error) {
    if (!signal.aborted) throw error;
    tell('the gate was ended before it came to a verdict', io);
    return exitCodeOfStatus('cancelled', cancellation.cancelledBy);
  }
}

/** The name of the folder is no task that somebody works on. */
function namedTask(flags: GateFlags, root: string, { env }: Io): string | undefined {
  const { taskId, source } = resolveTask({ flag: flags.task, env, root });
  return source === 'folder' ? undefined : taskId;
}

function environmentOf({ notes }: GateFlags, { env }: Io): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(entries), ...(notes === undefined ? {} : { NOTES: notes }) };
}

function tell(line: string, { stderr }: Io): void {
  stderr.write(`codex-orchestrator: ${printable(line)}\n`);
}
