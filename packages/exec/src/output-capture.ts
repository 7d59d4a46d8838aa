import type { CapturedTail, LogReport } from './command-result.js';
import { OutputLog } from './output-log.js';
import type { ProblemList } from './problem-list.js';
import type { OutputFilter, OutputStream, RunSettings } from './run-options.js';
import { TailBuffer } from './tail-buffer.js';

export interface CapturedOutput {
  readonly stdout: CapturedTail;
  readonly stderr: CapturedTail;
  readonly log?: LogReport;
}

/**
 * The way of output: filter, log, tail, observer. Each step is done before the next piece is read,
 * so a slow disk slows the command down instead of filling the memory.
 */
export class OutputCapture {
  readonly #settings: RunSettings;
  readonly #problems: ProblemList;
  readonly #log: OutputLog | undefined;
  readonly #streams: Record<OutputStream, StreamCapture>;

  constructor(settings: RunSettings, problems: ProblemList) {
    const { logPath, logMaxBytes, fs } = settings;
    this.#settings = settings;
    this.#problems = problems;
    this.#log = logPath === undefined ? undefined : new OutputLog(logPath, logMaxBytes, fs);
    this.#streams = { stdout: this.#openStream('stdout'), stderr: this.#openStream('stderr') };
  }

  write(stream: OutputStream, chunk: Buffer): void {
    const { filter } = this.#streams[stream];
    this.#deliver(stream, () => (filter === undefined ? chunk : filter.push(chunk)));
  }

  /** Takes what the filters held back, completes the log and gives the answer. */
  finish(): CapturedOutput {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { filter } = this.#streams[stream];
      if (filter !== undefined) this.#deliver(stream, () => filter.flush());
    }
    const log = this.#log?.finish();
    return {
      stdout: this.#streams.stdout.tail.capture(),
      stderr: this.#streams.stderr.tail.capture(),
      ...(log && { log }),
    };
  }

  #openStream(stream: OutputStream): StreamCapture {
    const { createFilter, tailBytes } = this.#settings;
    const filter = createFilter && this.#problems.guard('filter', () => createFilter(stream));
    const isShut = createFilter !== undefined && filter === undefined;
    return { tail: new TailBuffer(tailBytes), filter, isShut };
  }

  /** A stream whose filter failed is shut: its bytes might be the ones that nobody may see. */
  #deliver(stream: OutputStream, filtered: () => Buffer): void {
    const capture = this.#streams[stream];
    if (capture.isShut) return;
    const bytes = this.#problems.guard('filter', filtered);
    if (bytes === undefined) capture.isShut = true;
    else if (bytes.length > 0) this.#record(stream, bytes);
  }

  #record(stream: OutputStream, bytes: Buffer): void {
    this.#log?.write(bytes);
    this.#streams[stream].tail.push(bytes);
    this.#problems.guard('onOutput', () => this.#settings.onOutput?.({ stream, bytes }));
  }
}

interface StreamCapture {
  readonly tail: TailBuffer;
  readonly filter: OutputFilter | undefined;
  isShut: boolean;
}
