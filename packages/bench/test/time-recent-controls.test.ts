import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { readRecentControls, writeRecentControls } from '../src/time/recent-controls.js';

const passed = { name: 'null copy', guard: 'one/a', passed: true, reason: 'alike', measures: [] };
const takenAtMs = Date.UTC(2026, 0, 5);
const minute = 60_000;

test('controls that passed serve the jobs of the next ten minutes', async () => {
  await using rig = await createRig();
  await rig.write({ '.nx/bench/kept': '' });
  const root = rig.path('.');
  expect(await readRecentControls(root, takenAtMs)).toBeUndefined();
  await writeRecentControls(root, { takenAtMs, controls: [passed] });
  expect(await readRecentControls(root, takenAtMs + 9 * minute)).toEqual({
    takenAtMs,
    controls: [passed],
  });
  expect(await readRecentControls(root, takenAtMs + 10 * minute)).toBeUndefined();
  // A clock that was set back says nothing about when that was.
  expect(await readRecentControls(root, takenAtMs - minute)).toBeUndefined();
});

test('controls that failed, and none, are taken again', async () => {
  await using rig = await createRig();
  await rig.write({ '.nx/bench/kept': '' });
  const root = rig.path('.');
  await writeRecentControls(root, { takenAtMs, controls: [passed, { ...passed, passed: false }] });
  expect(await readRecentControls(root, takenAtMs)).toBeUndefined();
  await writeRecentControls(root, { takenAtMs, controls: [] });
  expect(await readRecentControls(root, takenAtMs)).toBeUndefined();
  await rig.write({ '.nx/bench/controls.json': '{' });
  expect(await readRecentControls(root, takenAtMs)).toBeUndefined();
});
