import { Bench } from 'tinybench';
import type { Task } from 'tinybench';

import type { TimeGuard } from '../guard/guard.js';
import { cpuTimestampProvider } from './cpu-clock.js';
import { spin, withExtraWork } from './injected.js';
import type { Side } from './log-ratios.js';

/** A side with its state, ready to run. */
export interface PreparedSide {
  readonly side: Side;
  readonly run: () => unknown;
  readonly extraShare: number;
}

/** What one sample took, in milliseconds per call. */
export interface SideTimes {
  readonly side: Side;
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Takes one sample of a side. */
export type Sampler = (side: Side) => Promise<SideTimes>;

/**
 * Makes tinybench take single samples in an order of our choice: left to itself it runs each task as a
 * block, keeps samples sorted rather than as they came, and knows no processor time.
 */
export function createSampler(
  sides: readonly PreparedSide[],
  { sample, batch }: { readonly sample: TimeGuard['sample']; readonly batch: number },
): Sampler {
  const bench = new Bench({
    time: 0,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    timestampProvider: cpuTimestampProvider,
  });
  const wallMs = new Map<Side, number>();
  for (const one of sides) {
    const call = sample === 'process' ? processCall(one, wallMs) : batchCall(one, batch, wallMs);
    // Said explicitly, as tinybench would otherwise find out by a call of its own.
    bench.add(one.side, call, { async: true });
  }
  return async (side) => {
    const task = bench.getTask(side);
    if (task === undefined) throw new Error(`Internal error: no task for the side "${side}"`);
    const cpuMs = await sampleOf(task);
    return { side, cpuMs: cpuMs / batch, wallMs: (wallMs.get(side) ?? Number.NaN) / batch };
  };
}

async function sampleOf(task: Task): Promise<number> {
  task.reset(false);
  await task.run();
  const { result } = task;
  if (result.state === 'errored') throw result.error;
  const [cpuMs] = result.state === 'completed' ? (result.latency.samples ?? []) : [];
  if (cpuMs === undefined) throw new Error(`Expected a sample of "${task.name}", got none`);
  return cpuMs;
}

function batchCall(
  { side, run, extraShare }: PreparedSide,
  batch: number,
  wallMs: Map<Side, number>,
): () => Promise<void> {
  const calls = async (): Promise<void> => {
    for (let call = 0; call < batch; call += 1) {
      const answer = run();
      // Waiting for what is there already would cost more than short calls do.
      if (answer instanceof Promise) await answer;
    }
  };
  const slowed = withExtraWork(calls, extraShare);
  return async () => {
    const startedMs = performance.now();
    await slowed();
    wallMs.set(side, performance.now() - startedMs);
  };
}

function processCall(
  { side, run, extraShare }: PreparedSide,
  wallMs: Map<Side, number>,
): () => Promise<{ readonly overriddenDuration: number }> {
  return async () => {
    const ran = processTimes(await run());
    wallMs.set(side, ran.wallMs);
    const extraMs = extraShare === 0 ? 0 : spin(ran.cpuMs * 1000 * extraShare);
    return { overriddenDuration: ran.cpuMs + extraMs };
  };
}

function processTimes(answer: unknown): { readonly cpuMs: number; readonly wallMs: number } {
  const { cpuMs, wallMs } = (answer ?? {}) as { cpuMs?: unknown; wallMs?: unknown };
  if (typeof cpuMs === 'number' && typeof wallMs === 'number') return { cpuMs, wallMs };
  throw new Error("Expected a guard with `sample: 'process'` to answer what `runCli` gave it");
}
