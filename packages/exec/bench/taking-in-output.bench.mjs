import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Taking in 2 MB of output, with log, tail and digest, takes no more time than before.',
  async prepare({ load, folder, data }) {
    const { runCommand } = await load('@codex-orchestrator/exec');
    const { path } = await data.output({ bytes: 2_000_000 });
    return { runCommand, path, logPath: join(folder, 'command.log') };
  },
  async run({ runCommand, path, logPath }) {
    const { outcome, stdout, log } = await runCommand(['cat', path], { logPath });
    return { outcome, totalBytes: stdout.totalBytes, sha256: log?.sha256 };
  },
};
