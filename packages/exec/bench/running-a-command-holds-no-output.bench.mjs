import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Memory does not depend on what a command prints: log and tails are bounded.',
  /** From the first on, what a process has taken in and not yet let go of no longer shows. */
  inputBytes: [40_000_000, 120_000_000],
  slope: 0.3,
  prepare(_context, bytes) {
    return Promise.resolve(bytes);
  },
  async consume({ load, folder }, bytes) {
    const { runCommand } = await load('@codex-orchestrator/exec');
    const program = `const line = Buffer.alloc(64 * 1024, 'x');
      for (let left = ${bytes}; left > 0; ) left -= require('node:fs').writeSync(1, line, 0, Math.min(left, line.length));`;
    const { outcome, stdout, log } = await runCommand([process.execPath, '-e', program], {
      logPath: join(folder, 'command.log'),
      logMaxBytes: 1024 * 1024,
    });
    if (outcome.exitCode !== 0 || stdout.totalBytes !== bytes || log?.seenBytes !== bytes) {
      throw new Error(`Expected ${bytes} bytes of output, got ${stdout.totalBytes}`);
    }
  },
};
