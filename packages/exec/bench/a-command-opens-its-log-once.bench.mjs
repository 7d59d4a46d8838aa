import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'A command opens its log once and writes each piece of output once, without a sync.',
  /** Open, write, close. */
  budget: { opens: 1, writes: 1, bytesWritten: 6, reads: 0, renames: 0, fsyncs: 0, calls: 3 },
  async measure({ load, folder, countFiles }) {
    const { runCommand } = await load('@codex-orchestrator/exec');
    const { fs, counts } = countFiles();
    const { outcome } = await runCommand(
      [process.execPath, '-e', "process.stdout.write('output')"],
      {
        logPath: join(folder, 'command.log'),
        env: {},
        fs,
      },
    );
    if (outcome.exitCode !== 0) throw new Error(`The command ended with ${outcome.exitCode}`);
    const { opens, writes, bytesWritten, reads, renames, fsyncs, calls } = counts();
    return { opens, writes, bytesWritten, reads, renames, fsyncs, calls };
  },
};
