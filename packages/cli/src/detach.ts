import { foldEvents } from '@codex-orchestrator/manifest';
import type { RunStartedEvent } from '@codex-orchestrator/manifest';

import type { CommandContext } from './command.js';
import { CliError } from './errors.js';
import type { CliErrorCode } from './errors.js';
import { exitCodes } from './exit-codes.js';
import type { DetachedProcess, Io } from './io.js';
import { renderDetached } from './render/detached.js';
import { describeRun } from './run-answer.js';
import type { RunAnswer } from './run-answer.js';

/** What `start --detach --format json` prints; `exit_code` says that the run was started. */
export interface DetachedAnswer extends RunAnswer {
  readonly detached: true;
  /** The process that runs it now. */
  readonly pid: number;
}

export interface DetachedStart {
  /** What the program is started with; it has to ask for NDJSON. */
  readonly argv: readonly string[];
  readonly root: string;
}

/**
 * Has the program run somewhere else and answers as soon as the record of that run is on disk. A signal
 * before that goes on to it, which is then a run that was cancelled.
 *
 * @throws CliError with what stopped it from opening its record, exit code included, or `RUNNER_FAILED`
 */
export async function startDetached(
  { argv, root }: DetachedStart,
  { answer, format, io }: CommandContext,
): Promise<number> {
  const child = io.spawnDetached(argv, withoutOuterRun(io.env));
  const stopListening = io.onSignal((signal) => {
    if (child.pid !== undefined) io.sendSignal(child.pid, signal);
  });
  try {
    const event = await firstEvent(child);
    answer.event(event);
    const described = describe(event, root, io);
    const value = format === 'ndjson' ? { type: 'verdict', ...described } : described;
    answer.give(value, () => renderDetached(described));
    return exitCodes.succeeded.code;
  } finally {
    stopListening();
    child.release();
  }
}

/** What a stage is told about the run that it belongs to. */
const outerRunVariables: ReadonlySet<string> = new Set([
  'CODEX_ORCHESTRATOR_TASK_ID',
  'CODEX_ORCHESTRATOR_RUN_ID',
  'CODEX_ORCHESTRATOR_PIPELINE_ID',
  'CODEX_ORCHESTRATOR_MANIFEST_PATH',
  'CODEX_ORCHESTRATOR_RUN_DIR',
]);

/**
 * A run that a stage starts and leaves behind is no part of the stage's run: who looks for what is left
 * of that run, to end it, looks for these variables.
 */
function withoutOuterRun(env: Io['env']): Io['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outerRunVariables.has(name)));
}

/** The event is printed once the record is durable. */
async function firstEvent(child: DetachedProcess): Promise<RunStartedEvent> {
  const complaint = collectText(child.stderr);
  // Not being startable shows below, where it is awaited.
  child.ended.catch(() => undefined);
  for await (const value of jsonLines(child.stdout)) {
    if (value['type'] === 'run.started') return value as unknown as RunStartedEvent;
    if (value['type'] === 'verdict') throw relayed(value);
  }
  const { exitCode, signal } = await child.ended;
  const how = signal === null ? `exited with code ${exitCode}` : `was killed by ${signal}`;
  throw new CliError('RUNNER_FAILED', `The detached process ${how} before it had a record`, {
    details: { stderr: await complaint },
  });
}

/** The other process has found the right words already. */
function relayed({ error, exit_code: exitCode }: Record<string, unknown>): CliError {
  const { code, message, hint, ...details } = error as Record<string, unknown>;
  return new CliError(code as CliErrorCode, String(message), {
    details,
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof exitCode === 'number' ? { exitCode } : {}),
  });
}

async function* jsonLines(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Record<string, unknown>> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Record<string, unknown>;
  }
}

const maxComplaint = 4096;

/** The stream ends in an error when it is let go of. */
async function collectText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of stream) {
      text = (text + decoder.decode(bytes, { stream: true })).slice(-maxComplaint);
    }
  } catch {
    return text;
  }
  return text;
}

function describe(event: RunStartedEvent, root: string, { cwd }: Io): DetachedAnswer {
  const manifest = foldEvents([event]);
  if (manifest === undefined) throw new Error('Expected a record of the first event');
  const { run_id: runId } = event;
  return {
    ...describeRun(manifest, { root, cwd }),
    exit_code: exitCodes.succeeded.code,
    detached: true,
    pid: event.owner.pid,
    next: ['wait', 'attach', 'logs --follow', 'cancel'].map(
      (command) => `codex-orchestrator ${command} --run ${runId}`,
    ),
  };
}
