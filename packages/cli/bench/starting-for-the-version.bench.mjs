/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  sample: 'process',
  promise: '`--version` takes no more time than before.',
  prepare({ runCli }) {
    return Promise.resolve(() => runCli(['--version']));
  },
  run: (showVersion) => showVersion(),
};
