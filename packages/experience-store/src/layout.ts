import { join, resolve } from 'node:path';

export interface ExperienceLayoutOptions {
  readonly taskId: string;
  /** The folder with one folder per task, such as `.runs`. */
  readonly runsDir: string;
  /** The folder for results that outlive runs, such as `out`. */
  readonly outDir: string;
}

/** Absolute paths of one task's experiences and of their index. Nothing here touches the disk. */
export interface ExperienceLayout {
  readonly taskId: string;
  readonly taskOutDir: string;
  /** The truth: records and notes on them, one JSON value per line, in the order of their appends. */
  readonly logPath: string;
  /** Held by whoever changes the index or replaces the log. Appending takes no lock. */
  readonly lockPath: string;
  /** What the index covers; replaced last, which commits a change of the index. */
  readonly indexPath: string;
  /** Holds the best of each domain, a file per domain, and the table of contents. */
  readonly indexDir: string;
  readonly contentTablePath: string;
  /** @param domainHash As `domainHashOf` gives it. */
  domainPath(domainHash: string): string;
}

/** The one place where the paths of a task's experiences are computed. */
export function createExperienceLayout(options: ExperienceLayoutOptions): ExperienceLayout {
  const { taskId } = options;
  const taskOutDir = join(resolve(options.outDir), taskId);
  const indexDir = join(taskOutDir, 'experiences.top');
  return {
    taskId,
    taskOutDir,
    logPath: join(taskOutDir, 'experiences.jsonl'),
    lockPath: join(resolve(options.runsDir), `${taskId}.experiences.lock`),
    indexPath: join(taskOutDir, 'experiences.top.json'),
    indexDir,
    contentTablePath: join(indexDir, 'contents.bin'),
    domainPath: (domainHash) => join(indexDir, `${domainHash}.json`),
  };
}
