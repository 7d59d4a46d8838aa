import { StringDecoder } from 'node:string_decoder';

import type { CommandResult, OutputStream } from '@codex-orchestrator/exec';
import type { Manifest } from '@codex-orchestrator/manifest';

import type { RunAnswer } from './run-answer.js';

/** What was run, as the events name it. */
export interface ExecSubject {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
}

/** One line of `exec --jsonl`. */
export interface ExecEvent {
  readonly type: 'exec:begin' | 'exec:chunk' | 'exec:end' | 'run:summary';
  readonly timestamp: string;
  readonly payload: object;
}

/** There are neither sessions nor sandboxes here; the members stand for readers that expect them. */
const session = { sessionId: null, sandboxState: null, persisted: false };

/** Makes the events of one command. Characters that arrive in two pieces come out whole. */
export class ExecEvents {
  readonly #subject: ExecSubject;
  readonly #now: () => string;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #sequence = 0;

  constructor(subject: ExecSubject, now: () => string) {
    this.#subject = subject;
    this.#now = now;
  }

  begin(runId: string): ExecEvent {
    const [command, ...args] = this.#subject.argv;
    return this.#event('exec:begin', runId, { command, args, cwd: this.#subject.cwd, ...session });
  }

  chunk(runId: string, stream: OutputStream, bytes: Buffer): ExecEvent {
    this.#sequence += 1;
    const data = this.#decoders[stream].write(bytes);
    const chunk = { stream, sequence: this.#sequence, bytes: bytes.byteLength, data };
    return this.#event('exec:chunk', runId, chunk);
  }

  /** What is left of a character that the streams ended in the middle of. */
  rest(runId: string): ExecEvent[] {
    const streams = ['stdout', 'stderr'] as const;
    return streams.flatMap((stream) => {
      const data = this.#decoders[stream].end();
      if (data === '') return [];
      this.#sequence += 1;
      return [
        this.#event('exec:chunk', runId, { stream, sequence: this.#sequence, bytes: 0, data }),
      ];
    });
  }

  end(manifest: Manifest, result: CommandResult | undefined): ExecEvent {
    return this.#event('exec:end', manifest.run_id, {
      ...describeResult(manifest),
      stdout: result?.stdout.text ?? '',
      stderr: result?.stderr.text ?? '',
      ...session,
    });
  }

  summary(
    manifest: Manifest,
    result: CommandResult | undefined,
    { root_cause: rootCause }: Pick<RunAnswer, 'root_cause'>,
  ): ExecEvent {
    const { run_id: runId, artifact_root: artifactRoot, commands } = manifest;
    const { argv, cwd } = this.#subject;
    const payload = {
      status: manifest.status,
      run: {
        id: runId,
        taskId: manifest.task_id,
        pipelineId: manifest.pipeline_id,
        manifest: `${artifactRoot}/manifest.json`,
        artifactRoot,
        summary: manifest.summary,
      },
      result: {
        ...describeResult(manifest),
        rootCause,
        sandboxState: null,
        correlationId: runId,
        attempts: 1,
      },
      command: { argv, shell: false, cwd, sessionId: null, persisted: false },
      outputs: { stdout: result?.stdout.text ?? '', stderr: result?.stderr.text ?? '' },
      logs: { runner: manifest.log_path, command: commands[0]?.log_path ?? null },
      toolRun: null,
      notifications: { targets: [], delivered: [], failures: [] },
    };
    return { type: 'run:summary', timestamp: this.#now(), payload };
  }

  #event(type: ExecEvent['type'], correlationId: string, facts: object): ExecEvent {
    return { type, timestamp: this.#now(), payload: { attempt: 1, correlationId, ...facts } };
  }
}

function describeResult({ commands, status }: Manifest): object {
  const [stage] = commands;
  return {
    exitCode: stage?.exit_code ?? null,
    signal: stage?.signal ?? null,
    durationMs: stage?.duration_ms ?? null,
    status,
  };
}
