import { join } from 'node:path';

import type { CommandOutcome, CommandResult } from '@codex-orchestrator/exec';

import type { WorldPorts } from '../loop/ports.js';
import { fingerprintOfCommand, OutputSample } from './fingerprint.js';
import { LastBytes } from './last-bytes.js';
import { oneLine } from './name-validators.js';
import { lastText } from './last-text.js';
import type { Judgement, Validator, ValidatorOutcome } from './validator.js';
import { closeValidatorLog, openValidatorLog } from './validator-log.js';
import type { ValidatorLogReport } from './validator-log.js';

export interface ValidationRequest {
  /** The iteration, from 1. */
  readonly n: number;
  /** The loop's folder, absolute; the logs go there. */
  readonly loopDir: string;
  /** Where the validators run, absolute. */
  readonly folder: string;
}

/** A judgement, and what its record has to say about the log. */
export interface RecordedJudgement extends Judgement {
  /** Of the file at `logPath`; null where there is none. */
  readonly log: { readonly bytes: number; readonly sha256: string } | null;
  /** What a reader of the record has to know beyond the outcome, one sentence each. */
  readonly notes: readonly string[];
}

/** Bytes of one log; its start and its end are kept. */
const logMaxBytes = 16 * 1024 * 1024;

/** More than a tail holds: it is cut after colours and lines that were written over are out. */
const tailSourceBytes = 64 * 1024;

/**
 * Runs all validators, one after another in their order, each with its own time limit; what one of them
 * does keeps no other from running. Once the signal is aborted the running one is ended, and it and all
 * that follow are `cancelled`.
 *
 * The log of the only validator is `validator-<n>.log` in the loop's folder, of several
 * `validator-<n>.<name>.log`: `[time] $ command`, what it printed without secrets, at most 16 MiB of it,
 * and how it ended, as `[exit] 1`. A log that cannot be written is a note, never another outcome. A
 * validator that was never started has no log.
 *
 * It does not reject for what validators do, nor where they cannot be run.
 */
export async function runValidators(
  validators: readonly Validator[],
  request: ValidationRequest,
  ports: WorldPorts,
): Promise<readonly RecordedJudgement[]> {
  const judgements: RecordedJudgement[] = [];
  for (const validator of validators) {
    const name = validators.length === 1 ? '' : `.${validator.name}`;
    const logPath = `validator-${request.n}${name}.log`;
    judgements.push(
      ports.signal.aborted
        ? notStarted(validator, ports)
        : await runValidator(validator, { ...request, logPath }, ports),
    );
  }
  return judgements;
}

function notStarted({ name, command }: Validator, { redact }: WorldPorts): RecordedJudgement {
  return {
    name,
    command: redact(oneLine(command)),
    outcome: 'cancelled',
    exitCode: null,
    durationMs: 0,
    logPath: null,
    fingerprint: null,
    tail: '',
    log: null,
    notes: [],
  };
}

async function runValidator(
  { name, command, timeoutMs }: Validator,
  { loopDir, logPath, folder }: ValidationRequest & { readonly logPath: string },
  ports: WorldPorts,
): Promise<RecordedJudgement> {
  const line = ports.redact(oneLine(command));
  const log = openValidatorLog(join(loopDir, logPath), line, ports);
  const sample = new OutputSample();
  const last = new LastBytes(tailSourceBytes);
  const result = await ports.runProcess(command, {
    cwd: folder,
    env: ports.environment,
    timeoutMs,
    signal: ports.signal,
    logPath: log.outputPath,
    logMaxBytes,
    tailBytes: 0,
    onOutput: (output) => {
      sample.add(output);
      last.add(output.bytes);
    },
  });
  const outcome = outcomeOf(result.outcome);
  const report = closeValidatorLog(log, { result, foot: footOf(result.outcome) }, ports);
  const judges = outcome !== 'cancelled' && outcome !== 'not-runnable';
  const folders = [folder, realFolder(folder, ports)];
  const end = `${outcome} ${result.outcome.exitCode}`;
  return {
    name,
    command: line,
    outcome,
    exitCode: result.outcome.exitCode,
    durationMs: Math.round(result.durationMs),
    logPath: report.file === null ? null : logPath,
    fingerprint: judges ? fingerprintOfCommand(end, sample, folders) : null,
    tail: tailOf(result.outcome, last, ports),
    log: report.file,
    notes: notesOf(line, result, report),
  };
}

/** 126 and 127 are what a shell, and all that pass its code on, say of a command that they cannot run. */
function outcomeOf(outcome: CommandOutcome): ValidatorOutcome {
  switch (outcome.kind) {
    case 'exited':
      if (outcome.exitCode === 0) return 'passed';
      return outcome.exitCode === 126 || outcome.exitCode === 127 ? 'not-runnable' : 'failed';
    case 'signalled':
      return 'failed';
    case 'timed-out':
    case 'silent':
      return 'timed-out';
    case 'cancelled':
      return 'cancelled';
    case 'spawn-failed':
      return 'not-runnable';
  }
}

function footOf(outcome: CommandOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `[exit] ${outcome.exitCode}`;
    case 'signalled':
      return `[signal] ${outcome.signal}\n[exit] ${outcome.exitCode}`;
    case 'timed-out':
      return `[timed out] after ${outcome.timeoutMs} ms`;
    case 'silent':
      return `[timed out] after ${outcome.silenceTimeoutMs} ms without output`;
    case 'cancelled':
      return '[cancelled]';
    case 'spawn-failed':
      return `[not run] ${outcome.message}`;
  }
}

/** One that never ran has printed nothing: why it did not is what there is to read. */
function tailOf(outcome: CommandOutcome, last: LastBytes, { redact }: WorldPorts): string {
  if (outcome.kind === 'spawn-failed') return redact(outcome.message);
  return lastText(last.bytes(), redact);
}

function notesOf(
  line: string,
  { leftovers, groupEnd, problems }: CommandResult,
  { problem }: ValidatorLogReport,
): readonly string[] {
  return [
    ...(problem === null ? [] : [`The log of validator '${line}' ${problem}.`]),
    ...(groupEnd === 'survived'
      ? [`Validator '${line}' left a process that could not be ended.`]
      : []),
    ...(leftovers && groupEnd !== 'survived'
      ? [`Validator '${line}' left processes behind, which were ended.`]
      : []),
    ...problems
      .filter(({ where }) => where === 'filter')
      .map(() => `Output of validator '${line}' is incomplete: it could not be redacted.`),
  ];
}

function realFolder(folder: string, { fs }: WorldPorts): string {
  try {
    return fs.realpath(folder);
  } catch {
    return folder;
  }
}
