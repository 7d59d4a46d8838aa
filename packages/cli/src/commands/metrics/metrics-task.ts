import { createRootLayout } from '@codex-orchestrator/manifest';
import { createMetricsLayout } from '@codex-orchestrator/metrics';
import type { MetricsLayout } from '@codex-orchestrator/metrics';

import type { Io } from '../../io.js';
import { resolveTask } from '../../task.js';
import { findWorkspace } from '../../workspace.js';

/** The task that a call about metrics means, and where its files are. */
export interface MetricsTask {
  readonly taskId: string;
  readonly layout: MetricsLayout;
  /** A path as answers name it: from the root on, with `/`. */
  readonly relative: (path: string) => string;
}

/** @throws CoreError `INVALID_ID`, CliError `NO_WORKSPACE` */
export function findMetricsTask(
  flag: string | undefined,
  io: Pick<Io, 'cwd' | 'env'>,
): MetricsTask {
  const { root, runsDir, outDir } = findWorkspace(io);
  const { taskId } = resolveTask({ flag, env: io.env, root });
  const base = createRootLayout({ root });
  return {
    taskId,
    layout: createMetricsLayout({ taskId, runsDir, outDir }),
    relative: (path) => base.relative(path),
  };
}
