import { messageOf } from '@codex-orchestrator/core';
import type { Artifact } from '@codex-orchestrator/manifest';

import { noErrorFile, tryErrorFile } from './error-file.js';
import type { StageFailure } from './error-file.js';
import type { PlannedGate, PlannedLoop } from './plan.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { bareEnd, elapsedMs } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
import { createStageEnvironment } from './stage-environment.js';
import { logArtifacts } from './stage-files.js';
import { StageLog } from './stage-log.js';
import { StageProcesses } from './stage-processes.js';

/** What a stage that runs in the process of the run is given of it. */
export interface InnerParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: StageProcesses;
  /** Takes secrets out of a text; the same text where nobody looks for them. */
  readonly redact: (text: string) => string;
  /** One line for the stage's log and for whoever watches; secrets are taken out. */
  readonly tell: (line: string) => void;
}

/** How it ended, or what kept it from an end of its own. */
export interface InnerEnd extends Pick<
  StageEnd,
  'exit_code' | 'gate' | 'loop' | 'outcome' | 'reason' | 'status' | 'summary'
> {
  readonly artifacts: readonly Artifact[];
  readonly notes: readonly string[];
  /** What the error file says where it did not succeed. */
  readonly failure: StageFailure;
}

/** What is particular about one kind of stage. */
export interface InnerWork {
  /** What the error file calls it. */
  readonly command: string;
  /** What it comes to; what it throws is an end as well. */
  readonly run: (parts: InnerParts) => Promise<InnerEnd>;
  /** One sentence on what was thrown. */
  readonly describeError: (reason: string) => string;
}

/**
 * Runs a stage that is no command to its end: with a log of its own, with processes of which none is left
 * behind, and with an error file where it did not succeed.
 */
export async function runInnerStage(
  stage: PlannedGate | PlannedLoop,
  context: StageContext,
  work: InnerWork,
): Promise<StageEnd> {
  const { settings, layout, onOutput } = context;
  const { clock, fs, logMaxBytes, redactor } = settings;
  const startMs = clock.monotonicMs();
  const environment = createStageEnvironment(context.environment, stage.env);
  const processes = new StageProcesses(stage, context, environment);
  const path = layout.stageLogPath(stage.index, stage.id);
  const log = new StageLog(path, { fs, maxBytes: logMaxBytes });
  const redact = (text: string): string => redactor?.text(text) ?? text;
  const tell = (line: string): void => {
    const bytes = Buffer.from(`${redact(line.trimEnd())}\n`);
    log.write(bytes);
    onOutput?.(stage.index, { stream: 'stdout', bytes });
  };
  let end: InnerEnd;
  try {
    end = await work.run({ environment, processes, redact, tell });
  } catch (error) {
    end = judgeError(stage, error, work, context);
  } finally {
    await processes.close();
  }
  const { artifacts, notes, failure, ...facts } = end;
  const report = log.finish();
  const hasFailed = end.status === 'failed' || end.status === 'skipped';
  const error = hasFailed ? await tryErrorFile(stage, failure, context) : noErrorFile;
  return {
    ...bareEnd,
    ...facts,
    duration_ms: elapsedMs(clock, startMs),
    log_path: layout.relative(path),
    log_bytes: report.bytes,
    log_omitted_bytes: report.omittedBytes,
    error_file: error.path,
    artifacts: [...logArtifacts(report, layout), ...artifacts, ...error.artifacts],
    privacy: processes.privacy,
    notes: [
      ...notes,
      ...(report.error
        ? [`Log of stage '${stage.title}' is incomplete: ${report.error.message}.`]
        : []),
      ...(processes.hasSurvivor
        ? [`Stage '${stage.title}' left a process that could not be ended.`]
        : []),
      ...error.notes,
    ],
  };
}

function judgeError(
  { kind }: PlannedGate | PlannedLoop,
  error: unknown,
  { command, describeError }: InnerWork,
  { signal }: StageContext,
): InnerEnd {
  const isStopped = signal.aborted;
  const outcome = isStopped ? 'cancelled' : 'error';
  const reason = isStopped ? stopKindOf(signal) : messageOf(error);
  const summary = isStopped ? 'Cancelled' : `Execution error: ${describeError(reason)}`;
  return {
    status: isStopped ? 'cancelled' : 'failed',
    outcome,
    reason,
    summary,
    exit_code: null,
    ...(kind === 'rlm' ? { loop: null } : { gate: null }),
    artifacts: [],
    notes: [],
    failure: {
      command,
      reason: 'command-execution-error',
      details: { outcome, message: summary },
    },
  };
}
