/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: '`--help` loads the launcher and one program, touches no file and starts nothing.',
  budget: { modulesLoaded: 2, spawns: 0, calls: 0 },
  async measure({ runCli }) {
    const { modulesLoaded, builtinsLoaded, spawns, calls } = (await runCli(['--help'])).counts;
    return { modulesLoaded, spawns, calls, builtinsLoaded };
  },
};
