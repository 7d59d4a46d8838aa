import { createManualClock, createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createWriteCoalescer } from '../src/index.js';
import type { WriteReport } from '../src/index.js';

const REPORT: WriteReport = { bytes: 10, fsyncs: 1 };

test('the first value is written at once, in the same turn', () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  void coalescer.write('a');
  expect(writer.started).toEqual(['a']);
});

test('one write is in flight and the newest waiting value wins', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  const outcomes = ['a', 'b', 'c', 'd'].map((value) => coalescer.write(value));
  expect(writer.started).toEqual(['a']);
  writer.finish();
  await outcomes[0];
  expect(writer.started).toEqual(['a', 'd']);
  writer.finish();
  await Promise.all(outcomes);
  expect(writer.started).toEqual(['a', 'd']);
  expect(coalescer).toMatchObject({ writes: 2, superseded: 2, bytes: 20, fsyncs: 2, failures: 0 });
});

test('everybody who waits for one write is told its error, and nobody else', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  const outcomes = ['a', 'b', 'c'].map((value) => coalescer.write(value));
  writer.finish();
  await outcomes[0];
  writer.fail(new Error('full'));
  await expect(outcomes[1]).rejects.toThrow('full');
  await expect(outcomes[2]).rejects.toThrow('full');
  expect(coalescer).toMatchObject({ writes: 1, failures: 1 });
});

test('a failed write does not stop the next value', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  const first = coalescer.write('a');
  const second = coalescer.write('b');
  writer.fail(new Error('full'));
  await expect(first).rejects.toThrow('full');
  writer.finish();
  await second;
  expect(writer.started).toEqual(['a', 'b']);
});

test('a writer that throws instead of rejecting is no different', async () => {
  const coalescer = createWriteCoalescer<string>(() => {
    throw new Error('at once');
  });
  await expect(coalescer.write('a')).rejects.toThrow('at once');
});

test('between two writes the interval passes', async () => {
  const clock = createManualClock();
  const writer = createWriter({ immediate: true });
  const coalescer = createWriteCoalescer(writer.write, { minIntervalMs: 1000, clock });
  await coalescer.write('a');
  const second = coalescer.write('b');
  await clock.advance(999);
  expect(writer.started).toEqual(['a']);
  const third = coalescer.write('c');
  await clock.advance(1);
  await Promise.all([second, third]);
  expect(writer.started).toEqual(['a', 'c']);
  await clock.advance(1000);
  await coalescer.write('d');
  expect(writer.started).toEqual(['a', 'c', 'd']);
  expect(clock.pendingTimers).toBe(0);
});

test('a flush right after a deferred write, in the same turn, does not wait for the interval', async () => {
  const clock = createManualClock();
  const writer = createWriter({ immediate: true });
  const coalescer = createWriteCoalescer(writer.write, { minIntervalMs: 5000, clock });
  await coalescer.write('a');
  const deferred = coalescer.write('b');
  const flushed = coalescer.flush();
  await Promise.all([deferred, flushed]);
  expect(writer.started).toEqual(['a', 'b']);
  expect(clock.monotonicMs()).toBe(0);
  expect(clock.pendingTimers).toBe(0);
});

test('after the timer has fired by itself, a flush still writes what came later', async () => {
  const clock = createManualClock();
  const writer = createWriter({ immediate: true });
  const coalescer = createWriteCoalescer(writer.write, { minIntervalMs: 5000, clock });
  await coalescer.write('a');
  void coalescer.write('b');
  await clock.advance(5000);
  expect(writer.started).toEqual(['a', 'b']);
  const late = coalescer.write('c');
  await coalescer.flush();
  await late;
  expect(writer.started).toEqual(['a', 'b', 'c']);
});

test('a flush during a write waits for the newest value, which starts without the interval', async () => {
  const clock = createManualClock();
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write, { minIntervalMs: 5000, clock });
  void coalescer.write('a');
  void coalescer.write('b');
  const flushed = coalescer.flush();
  void coalescer.write('c');
  writer.finish();
  await clock.advance(0);
  expect(writer.started).toEqual(['a', 'c']);
  writer.finish();
  await flushed;
});

test('a flush with only a write in flight waits for it and makes no other', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  void coalescer.write('a');
  let done = false;
  const flushed = coalescer.flush().then(() => (done = true));
  await Promise.resolve();
  expect(done).toBe(false);
  writer.finish();
  await flushed;
  await coalescer.flush();
  expect(writer.started).toEqual(['a']);
});

test('a flush of a write in flight does not hurry a later value', async () => {
  const clock = createManualClock();
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write, { minIntervalMs: 5000, clock });
  void coalescer.write('a');
  const flushed = coalescer.flush();
  void coalescer.write('b');
  writer.finish();
  await flushed;
  await clock.advance(4999);
  expect(writer.started).toEqual(['a']);
  await clock.advance(1);
  expect(writer.started).toEqual(['a', 'b']);
});

test('an error that nobody awaited comes back from the flush, which tries again', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  void coalescer.write('a');
  writer.fail(new Error('full'));
  // A turn of the event loop: an unhandled rejection would fail the test here.
  await new Promise((resolve) => setImmediate(resolve));

  const again = coalescer.flush();
  expect(writer.started).toEqual(['a', 'a']);
  writer.fail(new Error('still full'));
  await expect(again).rejects.toThrow('still full');

  const once = coalescer.flush();
  writer.finish();
  await once;
  await coalescer.flush();
  expect(writer.started).toEqual(['a', 'a', 'a']);
});

test('a failed value that a newer one replaced is not tried again', async () => {
  const writer = createWriter();
  const coalescer = createWriteCoalescer(writer.write);
  void coalescer.write('a');
  const newer = coalescer.write('b');
  writer.fail(new Error('full'));
  await Promise.resolve();
  writer.finish();
  await newer;
  await coalescer.flush();
  expect(writer.started).toEqual(['a', 'b']);
});

test('after any mixture of writes, failures and flushes the newest value is written last', async () => {
  for (let seed = 1; seed <= 200; seed++) await runMixture(seed);
});

/** Random calls against a writer of random luck; the flush at the end must have the last word. */
async function runMixture(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const clock = createManualClock();
  const stored: number[] = [];
  let inFlight = 0;
  const coalescer = createWriteCoalescer<number>(
    async (value) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      for (let turns = random.integer(0, 2); turns > 0; turns--) await Promise.resolve();
      inFlight -= 1;
      if (random.next() < 0.3) throw new Error('bad luck');
      stored.push(value);
      return REPORT;
    },
    { minIntervalMs: 100, clock },
  );
  for (let value = 1; value <= 20; value++) {
    const outcome = coalescer.write(value).then(
      // Told "written": then this value or a newer one is.
      () => {
        expect(stored.some((written) => written >= value)).toBe(true);
      },
      () => undefined,
    );
    if (random.next() < 0.3) void coalescer.flush().catch(() => undefined);
    if (random.next() < 0.5) await clock.advance(random.integer(0, 150));
    if (random.next() < 0.2) await clock.advance(1000).then(() => outcome);
  }
  for (let tries = 0; !(await succeeds(coalescer.flush())); tries++) {
    expect(tries, `seed ${seed}`).toBeLessThan(30);
  }
  expect(stored.at(-1), `seed ${seed}`).toBe(20);
  expect(stored, `seed ${seed}`).toEqual([...stored].sort((a, b) => a - b));
  expect(coalescer.writes).toBe(stored.length);
}

function succeeds(outcome: Promise<void>): Promise<boolean> {
  return outcome.then(
    () => true,
    () => false,
  );
}

/** A writer whose writes end when the test says so. */
function createWriter({ immediate = false } = {}) {
  const started: string[] = [];
  const ends: { finish: () => void; fail: (error: Error) => void }[] = [];
  return {
    started,
    write: (value: string): Promise<WriteReport> => {
      started.push(value);
      if (immediate) return Promise.resolve(REPORT);
      return new Promise((resolve, reject) => {
        ends.push({
          finish: () => {
            resolve(REPORT);
          },
          fail: reject,
        });
      });
    },
    finish: () => ends.shift()?.finish(),
    fail: (error: Error) => ends.shift()?.fail(error),
  };
}
