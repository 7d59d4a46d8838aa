import { appendFile, rename } from 'node:fs/promises';

import type { RunEvent } from '@codex-orchestrator/manifest';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { OutputFollower } from '../src/follow/output-follower.js';

/** Only what is looked at; the rest of an event does not matter here. */
function tell(output: OutputFollower, event: Record<string, unknown>): void {
  output.onEvent(event as unknown as RunEvent);
}

function started(index: number, id: string): Record<string, unknown> {
  return { type: 'stage.started', index, id, at: '', log_path: `run/commands/${id}.log` };
}

interface Follower {
  readonly output: OutputFollower;
  /** All that is there now, logs by their names. */
  readonly take: () => string;
}

function follow(rig: Rig): Follower {
  let text = '';
  const output = new OutputFollower(
    {
      onLog: (_stageId, path) => (text += `<${path}>`),
      onOutput: (bytes) => (text += bytes.toString()),
    },
    { resolvePath: (path) => rig.path(path) },
  );
  tell(output, { type: 'run.started', artifact_root: 'run' });
  const take = (): string => {
    while (output.read());
    const taken = text;
    text = '';
    return taken;
  };
  return { output, take };
}

test('stages side by side come one after the other', async () => {
  await using rig = await createRig();
  const { output, take } = follow(rig);
  tell(output, started(1, 'a'));
  tell(output, started(2, 'b'));
  expect(take()).toBe('');
  await rig.write({ 'run/commands/a.log': 'a1 ', 'run/commands/b.log': 'b1 ' });
  expect(take()).toBe('<run/commands/a.log>a1 ');
  tell(output, { type: 'stage.finished', index: 2 });
  expect(take()).toBe('');
  await appendFile(rig.path('run/commands/a.log'), 'a2 ');
  tell(output, { type: 'stage.finished', index: 1 });
  expect(take()).toBe('a2 <run/commands/b.log>b1 ');
  expect(output.isDrained).toBe(true);
});

test.each([true, false])(
  'attempts of a stage come in order, seen from the start: %s',
  async (seen) => {
    await using rig = await createRig();
    const { output, take } = follow(rig);
    await rig.write({ 'run/commands/a.log': 'first ' });
    tell(output, started(1, 'a'));
    if (seen) expect(take()).toBe('<run/commands/a.log>first ');
    tell(output, { type: 'stage.retried', index: 1, attempt: 1 });
    // The journal knows first.
    if (!seen) expect(take()).toBe('');
    await rename(rig.path('run/commands/a.log'), rig.path('run/commands/a.attempt-1.log'));
    await rig.write({ 'run/commands/a.log': 'second ' });
    tell(output, { type: 'stage.finished', index: 1 });
    const second = '<run/commands/a.log>second ';
    expect(take()).toBe(seen ? second : `<run/commands/a.attempt-1.log>first ${second}`);
  },
);

test('what another attempt of the run has put away is found there', async () => {
  await using rig = await createRig();
  const { output, take } = follow(rig);
  await rig.write({
    'run/attempts/1/commands/a.log': 'old ',
    'run/commands/a.log': 'new ',
    'run/commands/kept.log': 'kept ',
  });
  tell(output, started(1, 'kept'));
  tell(output, { type: 'stage.finished', index: 1 });
  tell(output, started(2, 'a'));
  tell(output, { type: 'run.finished' });
  const moved = [{ from: 'commands/a.log', to: 'attempts/1/commands/a.log' }];
  tell(output, { type: 'run.resumed', moved });
  tell(output, started(2, 'a'));
  tell(output, { type: 'run.finished' });
  expect(take()).toBe(
    '<run/commands/kept.log>kept <run/attempts/1/commands/a.log>old <run/commands/a.log>new ',
  );
});

test('a log that never comes holds up nothing', async () => {
  await using rig = await createRig();
  const { output, take } = follow(rig);
  await rig.write({ 'run/commands/b.log': 'b ' });
  tell(output, started(1, 'a'));
  tell(output, { type: 'stage.finished', index: 1 });
  tell(output, { ...started(2, 'sub'), log_path: null });
  tell(output, started(3, 'b'));
  expect(take()).toBe('<run/commands/b.log>b ');
});
