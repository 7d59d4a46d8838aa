import { expect, test } from 'vitest';

import { createRunEnvironment, createStageEnvironment } from '../src/stage-environment.js';

const parts = {
  inherited: { PATH: '/bin', CODEX_ORCHESTRATOR_RUN_ID: 'outer', GONE: undefined },
  taskId: 'task',
  runId: 'run',
  pipelineId: 'p',
  root: '/repo',
  runsDir: '/repo/.runs',
  outDir: '/repo/out',
  runDir: '/repo/.runs/task/cli/run',
  manifestPath: '/repo/.runs/task/cli/run/manifest.json',
};

test('a command sees what was inherited and its own run, not the outer one', () => {
  expect(createRunEnvironment(parts)).toEqual({
    PATH: '/bin',
    CODEX_ORCHESTRATOR_TASK_ID: 'task',
    CODEX_ORCHESTRATOR_RUN_ID: 'run',
    CODEX_ORCHESTRATOR_PIPELINE_ID: 'p',
    CODEX_ORCHESTRATOR_MANIFEST_PATH: '/repo/.runs/task/cli/run/manifest.json',
    CODEX_ORCHESTRATOR_RUN_DIR: '/repo/.runs/task/cli/run',
    CODEX_ORCHESTRATOR_RUNS_DIR: '/repo/.runs',
    CODEX_ORCHESTRATOR_OUT_DIR: '/repo/out',
    CODEX_ORCHESTRATOR_ROOT: '/repo',
    CODEX_ORCHESTRATOR_REPO_ROOT: '/repo',
  });
});

test('the orchestrator itself is named where it is known', () => {
  expect(
    createRunEnvironment({ ...parts, packageRoot: '/tool', binPath: '/tool/bin.js' }),
  ).toMatchObject({
    CODEX_ORCHESTRATOR_PACKAGE_ROOT: '/tool',
    CODEX_ORCHESTRATOR_BIN: '/tool/bin.js',
  });
});

test('a run without anybody to ask says so, and respects what was said before', () => {
  const inherited = { CODEX_NO_INTERACTIVE: '', CODEX_INTERACTIVE: '1' };
  expect(createRunEnvironment({ ...parts, inherited, nonInteractive: true })).toMatchObject({
    CODEX_NON_INTERACTIVE: '1',
    CODEX_NO_INTERACTIVE: '',
    CODEX_INTERACTIVE: '1',
  });
  expect(createRunEnvironment(parts)).not.toHaveProperty('CODEX_NON_INTERACTIVE');
});

test('what a stage sets wins over everything, an empty text too', () => {
  const environment = createRunEnvironment(parts);
  expect(createStageEnvironment(environment, { CODEX_ORCHESTRATOR_RUN_ID: '', X: '1' })).toEqual({
    ...environment,
    CODEX_ORCHESTRATOR_RUN_ID: '',
    X: '1',
  });
});
