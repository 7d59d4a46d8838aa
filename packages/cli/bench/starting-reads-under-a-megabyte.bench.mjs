const blockBytes = 100_000;
const pageBytes = 4_096;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'A command loads less than a megabyte of program text, and `--version` less than a page.',
  /** In blocks, as each change of the program changes its bytes. */
  budget: { programBlocks: 8, versionPages: 1 },
  async measure({ runCli }) {
    const { programBytes } = (await runCli(['--help'])).counts;
    const { programBytes: versionBytes } = (await runCli(['--version'])).counts;
    return {
      programBlocks: Math.ceil(programBytes / blockBytes),
      versionPages: Math.ceil(versionBytes / pageBytes),
      programBytes,
      versionBytes,
    };
  },
};
