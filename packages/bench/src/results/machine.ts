import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

import type { Machine } from './result.js';

/** Begins to watch the machine; what it resolves to, called at the end, says what it was and did. */
export async function watchMachine(): Promise<() => Promise<Machine>> {
  const loadBefore = oneMinuteLoad();
  const timesBefore = await processorTimes();
  return async () => ({
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memoryMb: Math.round(totalmem() / 1_000_000),
    os: `${type()} ${release()}`,
    arch: process.arch,
    node: process.version,
    v8: process.versions.v8,
    load: [loadBefore, oneMinuteLoad()],
    steal: stealBetween(timesBefore, await processorTimes()),
  });
}

function oneMinuteLoad(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}

interface ProcessorTimes {
  readonly total: number;
  readonly stolen: number;
}

/** Undefined where the system does not tell. */
async function processorTimes(): Promise<ProcessorTimes | undefined> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; what guests use is part of user and nice already.
  const times = line.split(/\s+/).slice(0, 8).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  return { total, stolen: times[7] ?? 0 };
}

function stealBetween(
  before: ProcessorTimes | undefined,
  after: ProcessorTimes | undefined,
): number | null {
  if (before === undefined || after === undefined || after.total <= before.total) return null;
  return Number(((after.stolen - before.stolen) / (after.total - before.total)).toFixed(4));
}
