import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { ProgressWatch } from '../../src/agent/progress-watch.js';

test('silence counts from the last sign of progress, and is told once', async () => {
  const clock = createManualClock();
  let told = 0;
  const watch = new ProgressWatch(1000, clock, () => (told += 1));
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await new Promise(setImmediate);
  };
  for (let at = 0; at < 10; at += 1) {
    await pass(900);
    watch.note();
  }
  expect(told).toBe(0);
  await pass(999);
  expect(told).toBe(0);
  await pass(1);
  expect(told).toBe(1);
  await pass(5000);
  expect(told).toBe(1);
  watch[Symbol.dispose]();
});

test('a watch that is over leaves no timer', async () => {
  const clock = createManualClock();
  let told = 0;
  const watch = new ProgressWatch(1000, clock, () => (told += 1));
  await clock.advance(1000);
  watch[Symbol.dispose]();
  await new Promise(setImmediate);
  expect(told).toBe(0);
  expect(clock.pendingTimers).toBe(0);
});
