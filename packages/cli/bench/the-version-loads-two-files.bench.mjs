/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: '`--version` loads the launcher and `package.json`, touches no file and starts nothing.',
  budget: { modulesLoaded: 2, spawns: 0, calls: 0 },
  async measure({ runCli }) {
    const { modulesLoaded, builtinsLoaded, spawns, calls } = (await runCli(['--version'])).counts;
    return { modulesLoaded, spawns, calls, builtinsLoaded };
  },
};
