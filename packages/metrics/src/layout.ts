import { join, resolve } from 'node:path';

export interface MetricsLayoutOptions {
  readonly taskId: string;
  /** The folder with one folder per task, such as `.runs`. */
  readonly runsDir: string;
  /** The folder for results that outlive runs, such as `out`. */
  readonly outDir: string;
}

/** Absolute paths of one task's history and of what is derived from it. Nothing here touches the disk. */
export interface MetricsLayout {
  readonly taskId: string;
  /** Holds the history: the live segment and those that were rotated away. */
  readonly taskDir: string;
  /** The live segment, to which entries are appended. */
  readonly historyPath: string;
  /** Held by whoever changes anything but the end of the live segment. */
  readonly lockPath: string;
  /** Where another writer of the format leaves entries that it could not append. */
  readonly pendingDir: string;
  readonly aggregatesDir: string;
  readonly baselinePath: string;
  readonly postRolloutPath: string;
  readonly completenessPath: string;
  readonly perEpochPath: string;
  readonly summaryPath: string;
  /** The checkpoint: how far the history is counted, and everything that further counting needs. */
  readonly checkpointPath: string;
  /** Which runs are counted, and where their entries lie. */
  runIndexPath(generation: number): string;
  readonly outMetricsDir: string;
  readonly mttrDeltaPath: string;
  readonly learningStatePath: string;
}

/** The one place where the paths of a task's metrics are computed. */
export function createMetricsLayout(options: MetricsLayoutOptions): MetricsLayout {
  const { taskId } = options;
  const taskDir = join(resolve(options.runsDir), taskId);
  const taskOutDir = join(resolve(options.outDir), taskId);
  const aggregatesDir = join(taskDir, 'metrics');
  const outMetricsDir = join(taskOutDir, 'metrics');
  return {
    taskId,
    taskDir,
    historyPath: join(taskDir, 'metrics.json'),
    lockPath: join(taskDir, 'metrics.lock'),
    pendingDir: join(taskDir, 'metrics.pending'),
    aggregatesDir,
    baselinePath: join(aggregatesDir, 'baseline.json'),
    postRolloutPath: join(aggregatesDir, 'post-rollout.json'),
    completenessPath: join(aggregatesDir, 'completeness.json'),
    perEpochPath: join(aggregatesDir, 'per-epoch.json'),
    summaryPath: join(aggregatesDir, 'summary.json'),
    checkpointPath: join(aggregatesDir, 'aggregate-state.json'),
    runIndexPath: (generation) => join(aggregatesDir, `run-index-${generation}.bin`),
    outMetricsDir,
    mttrDeltaPath: join(outMetricsDir, 'mttr-delta.json'),
    learningStatePath: join(taskOutDir, 'state.json'),
  };
}
