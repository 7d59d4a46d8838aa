import type { FoundRun, StageRecord } from '@codex-orchestrator/manifest';

import { CliError, usageError } from '../errors.js';
import type { Io } from '../io.js';
import { searchRun } from '../wanted-run.js';
import type { Workspace } from '../workspace.js';
import { attemptLogPath } from './attempt-log.js';
import { chooseStages } from './choose-stages.js';
import type { StageChoice } from './choose-stages.js';
import { latestManifest } from './latest-manifest.js';
import { logPathResolver } from './log-path.js';

/** The log of one attempt of a stage. */
export interface StageLog {
  readonly runId: string;
  readonly stage: StageRecord;
  readonly attempt: number;
  /** As the record names it. */
  readonly path: string;
  readonly absolutePath: string;
}

export interface LogQuestion extends StageChoice {
  readonly run: FoundRun;
  readonly workspace: Workspace;
  /** Number of the stage's attempt. @default the last */
  readonly attempt: number | undefined;
}

/** Pipelines within pipelines; a record that names itself as its own part ends here. */
const deepest = 16;

/**
 * The logs that a question is about; of a stage that ran a pipeline of its own, those of that run.
 *
 * @throws CliError `STAGE_NOT_FOUND`, `LOG_NOT_FOUND`, `USAGE` for an attempt that there was not
 */
export async function findLogs(
  question: LogQuestion,
  io: Pick<Io, 'stderr'>,
  depth = 0,
): Promise<StageLog[]> {
  const { run, workspace, failed } = question;
  const manifest = await latestManifest(run);
  const stages = chooseStages(manifest, question);
  if (stages.length === 0 && !failed) {
    throw logNotFound(`No stage of the run ${manifest.run_id} has started`);
  }
  const resolvePath = logPathResolver(run.layout);
  const logs: StageLog[] = [];
  for (const stage of stages) {
    const { sub_run_id: wanted, id } = stage;
    if (wanted !== null && depth < deepest) {
      const child = await searchRun({ wanted, task: undefined, workspace }, io);
      const inner = { run: child, workspace, failed, stage: undefined, attempt: undefined };
      logs.push(...(await findLogs(inner, io, depth + 1)));
    } else {
      const log = locateLog(stage, question.attempt);
      if (log === undefined) throw logNotFound(`The stage \`${id}\` has no log`);
      const absolutePath = resolvePath(log.path);
      logs.push({ ...log, runId: manifest.run_id, stage, absolutePath });
    }
  }
  return logs;
}

function locateLog(
  { id, log_path: path, attempts }: StageRecord,
  wanted: number | undefined,
): Pick<StageLog, 'attempt' | 'path'> | undefined {
  if (path === null) return undefined;
  const attempt = wanted ?? attempts;
  if (attempt > attempts) throw usageError(`The stage \`${id}\` had ${attempts} attempts`);
  return { attempt, path: attempt === attempts ? path : attemptLogPath(path, attempt) };
}

export function logNotFound(message: string, path?: string): CliError {
  return new CliError('LOG_NOT_FOUND', message, path === undefined ? {} : { details: { path } });
}
