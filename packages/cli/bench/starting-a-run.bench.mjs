import { preparedStart } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  sample: 'process',
  promise: 'A run of one stage takes no more time than before.',
  prepare: (context) => preparedStart(context, 1),
  run: (start) => start(),
};
