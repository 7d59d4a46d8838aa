import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { availableParallelism, cpus, hostname, totalmem } from 'node:os';

import { sha256Hex } from '@codex-orchestrator/core';
import type { MachineMetrics } from '@codex-orchestrator/metrics';

import type { Io } from '../io.js';

/** What of this machine tells why a run on it took as long as it did; its id gives no name away. */
export function describeMachine({ os, arch, node }: Io['platform']): MachineMetrics {
  return {
    id: sha256Hex(`${hostname()}\n${machineId()}`).slice(0, 12),
    cpus: availableParallelism(),
    cpu_model: cpuModel(),
    memory_mb: Math.round(totalmem() / 2 ** 20),
    os,
    arch,
    node,
  };
}

/** The host that `describeMachine` describes, as records name it. */
export function thisHost(): string {
  return hostname();
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}

function cpuModel(): string {
  return (/^model name\s*:\s*(.+)$/m.exec(cpuInfoStart())?.[1] ?? cpus()[0]?.model ?? '').trim();
}

/** `os.cpus` asks for the clock rate of every core, which takes milliseconds where there are many. */
function cpuInfoStart(): string {
  const bytes = Buffer.alloc(1024);
  try {
    const fd = openSync('/proc/cpuinfo', 'r');
    try {
      return bytes.toString('utf8', 0, readSync(fd, bytes));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
