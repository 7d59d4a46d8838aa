import { expect, test } from 'vitest';

import { GateError, gateNames, runGate } from '../src/index.js';
import type { GateName } from '../src/index.js';
import { createGateRig } from './gate-rig.js';

interface Obstacle {
  /** What is there, outside of git. */
  readonly path: string;
  readonly content: string;
  /** Rule of the finding, or code of the error. */
  readonly ends: string;
}

const huge = 'x'.repeat(5 * 1024 * 1024);
const index = { path: 'tasks/index.json', content: '{', ends: 'INVALID_FILE' };
const run = '.runs/a/cli/2026-01-06T06-53-37-814Z-c285a360/manifest.json';

/** What keeps each gate from looking. */
const obstacles: Readonly<Record<GateName, Obstacle>> = {
  'spec-guard': { path: 'tasks/specs/a.md', content: '', ends: 'NOT_A_REPOSITORY' },
  'docs-check': { path: 'README.md', content: huge, ends: 'document-too-large' },
  'docs-freshness': { ...index, path: 'docs/docs-freshness-registry.json' },
  'diff-budget': { path: 'a.ts', content: '', ends: 'NOT_A_REPOSITORY' },
  'delegation-guard': index,
  review: { path: run, content: '{}', ends: 'NOT_A_REPOSITORY' },
  'tasks-sync': index,
  'evidence-check': { path: 'tasks/tasks-1-a.md', content: huge, ends: 'document-too-large' },
  'instruction-stamps': { path: 'AGENTS.md', content: '', ends: 'INVALID_OPTION' },
};

// Invariant 24.
test.each(gateNames)('%s does not pass where it cannot look', async (gate) => {
  await using rig = await createGateRig({ git: false });
  const { path, content, ends } = obstacles[gate];
  await rig.write(path, content);
  const ports = rig.ports({
    environment: { ...rig.ports().environment, NOTES: 'x', GIT_CEILING_DIRECTORIES: rig.root },
    checkInstructions: () => {
      throw new GateError('INVALID_OPTION', 'Nobody looks');
    },
  });
  const ended = await runGate(gate, ports).then(
    ({ passes, findings }) => [passes, findings.map(({ rule }) => rule).join()],
    (error: unknown) => [false, error instanceof GateError ? error.code : error],
  );
  expect(ended).toStrictEqual([false, ends]);
});
