import type { RunEvent } from '@codex-orchestrator/manifest';
import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createColors } from '../src/render/colors.js';
import { createProgress } from '../src/render/progress.js';

type Facts = Partial<RunEvent> & Pick<RunEvent, 'type'>;

/** A run of two stages in front of a terminal, or of a file. */
function watch(mode: 'live' | 'plain' | 'brief', columns = 60, quotesOutput = true) {
  const clock = createManualClock();
  const written: string[] = [];
  const progress = createProgress({
    stream: {
      isTTY: mode === 'live',
      columns: () => columns,
      write: (content) => void written.push(String(content)),
    },
    clock,
    colors: createColors(false),
    mode,
    quotesOutput,
  });
  // Only what is shown of an event matters here.
  const happen = (facts: Facts): void => {
    const at = new Date(clock.nowMs()).toISOString();
    progress.onEvent({ index: 1, id: 'build', at, ...facts } as RunEvent);
  };
  const taken = (): string => written.splice(0).join('');
  happen({
    type: 'run.started',
    pipeline_title: 'Checks',
    task_id: 't',
    run_id: 'r',
    stages: [{}, {}],
  } as unknown as Facts);
  return { clock, progress, happen, taken };
}

const finished = {
  type: 'stage.finished',
  status: 'succeeded',
  outcome: 'exited',
  exit_code: 0,
  reason: null,
  duration_ms: 1500,
} as const satisfies Facts;

test('where lines stay, a stage is a line at its start and one at its end', () => {
  const { happen, taken } = watch('plain');
  happen({ type: 'stage.started' });
  happen(finished);
  happen({ ...finished, index: 2, id: 'lint', status: 'failed', exit_code: 2 });
  expect(taken()).toMatchInlineSnapshot(`
    "Checks · task t · run r
    [1/2] build started
    [1/2] build succeeded after 1.5s
    [2/2] lint failed after 1.5s: exited with code 2
    "
  `);
});

test('a failure that is allowed is called so', () => {
  const { happen, taken } = watch('plain');
  taken();
  happen({ ...finished, status: 'skipped', exit_code: 1, reason: 'allowed-failure' });
  expect(taken()).toBe('[1/2] build failed, which is allowed, after 1.5s: exited with code 1\n');
});

test('where lines stay, a long stage gives a sign of life every 20 seconds, with its last line', async () => {
  const { clock, progress, happen, taken } = watch('plain');
  happen({ type: 'stage.started' });
  taken();
  await clock.advance(19_000);
  expect(taken()).toBe('');
  progress.onOutput(1, Buffer.from('compiling \u001b[31m42%\u001b[0m\n'));
  await clock.advance(1_000);
  expect(taken()).toBe('[1/2] build still running after 20.0s: compiling 42%\n');
  await clock.advance(20_000);
  expect(taken()).toBe('[1/2] build still running after 40.0s: compiling 42%\n');
  happen(finished);
  taken();
  await clock.advance(60_000);
  expect(taken()).toBe('');
});

test('a terminal has one line that is drawn again, never wider than it is', async () => {
  const { clock, progress, happen, taken } = watch('live', 40);
  happen({ type: 'stage.started' });
  progress.onOutput(1, Buffer.from(`${'x'.repeat(200)}\n`));
  taken();
  await clock.advance(125);
  const drawn = taken();
  expect(drawn.startsWith('\r\u001b[?7l\u001b[2K[1/2] build 0.1s  xxx')).toBe(true);
  expect(drawn.endsWith('…\u001b[?7h')).toBe(true);
  expect(visible(drawn)).toHaveLength(40);
  expect(drawn).not.toContain('\n');
});

test('stages that run side by side share the line', async () => {
  const { clock, happen, taken } = watch('live');
  happen({ type: 'stage.started' });
  happen({ type: 'stage.started', index: 2, id: 'lint' });
  taken();
  await clock.advance(1_000);
  expect(visible(taken())).toContain('[1/2] build, lint 1.0s');
});

test('facts are printed above the line, which is gone in the end with its timer', async () => {
  const { clock, happen, taken } = watch('live');
  happen({ type: 'stage.started' });
  taken();
  happen(finished);
  expect(taken()).toBe('\r\u001b[2K[1/2] build succeeded after 1.5s\n');
  happen({ type: 'stage.started', index: 2, id: 'lint' });
  happen({ type: 'run.finished' });
  expect(taken().endsWith('\r\u001b[2K')).toBe(true);
  await clock.advance(60_000);
  expect(taken()).toBe('');
  expect(clock.pendingTimers).toBe(0);
});

test('an agent hears of the run, of stages that did not succeed, and rarely of a long one', async () => {
  const { clock, progress, happen, taken } = watch('brief');
  happen({ type: 'stage.started' });
  progress.onOutput(1, Buffer.from('compiling\n'));
  await clock.advance(300_000);
  happen(finished);
  happen({ ...finished, index: 2, id: 'lint', status: 'failed', exit_code: 2 });
  happen({ type: 'stage.skipped', index: 3, id: 'test', reason: 'run-failed' });
  happen({ type: 'run.finished' });
  expect(taken()).toBe(
    [
      'run r started, 2 stages',
      '[1/2] build still running after 5m 00s',
      '[2/2] lint failed after 1.5s: exited with code 2',
      '',
    ].join('\n'),
  );
});

test('where output must not be quoted, a sign of life is without it', async () => {
  const { clock, progress, happen, taken } = watch('plain', 60, false);
  happen({ type: 'stage.started' });
  progress.onOutput(1, Buffer.from('::error::fake\n'));
  taken();
  await clock.advance(20_000);
  expect(taken()).toBe('[1/2] build still running after 20.0s\n');
});

function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- what the view itself writes
  return text.replace(/\r|\u001b\[[?0-9]*[A-Za-z]/g, '');
}
