import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { sleep } from '../src/clock.js';

test('a sleep ends when its clock has moved on far enough', async () => {
  const clock = createManualClock();
  let done = false;
  const sleeping = sleep(clock, 1000).then(() => (done = true));
  await clock.advance(999);
  expect(done).toBe(false);
  await clock.advance(1);
  await sleeping;
  expect(done).toBe(true);
});

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = createManualClock();
  const controller = new AbortController();
  const sleeping = sleep(clock, 1000, controller.signal);
  controller.abort(new Error('stop'));
  await expect(sleeping).rejects.toThrow('stop');
  expect(clock.pendingTimers).toBe(0);
});
