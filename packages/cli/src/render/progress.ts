import type { Clock } from '@codex-orchestrator/core';
import type {
  RunEvent,
  RunResumedEvent,
  RunStartedEvent,
  StageFinishedEvent,
  StageSkippedEvent,
  StageStartedEvent,
} from '@codex-orchestrator/manifest';

import type { OutputStream } from '../io.js';
import type { Colors } from './colors.js';
import { formatDuration } from './duration.js';
import { iterationWords } from './iteration-words.js';
import { LastLine } from './last-line.js';
import { printableLine } from './printable.js';
import { stageEndWords } from './stage-words.js';

/** Between two redraws of the live line: smooth to the eye, nothing to the processor. */
const redrawMs = 125;
/** Between two signs of life where every line stays, as in the log of a build service. */
const stillRunningMs = 20_000;
/** The same where every line costs its reader something. */
const rarelyStillRunningMs = 300_000;

/** Shows a run while it happens. */
export interface Progress {
  onEvent(event: RunEvent): void;
  onOutput(stageIndex: number, bytes: Buffer): void;
  /** Takes the live line away and stops every timer. */
  close(): void;
}

export interface ProgressOptions {
  readonly stream: OutputStream;
  readonly clock: Clock;
  readonly colors: Colors;
  /**
   * `live` redraws one line of a terminal; `plain` only ever adds lines; `brief` adds as few as an agent
   * needs to come back to the run: its id, each stage that did not succeed, a rare sign of life.
   */
  readonly mode: 'live' | 'plain' | 'brief';
  /** Whether signs of life quote what a stage printed last. @default true */
  readonly quotesOutput?: boolean;
}

interface RunningStage {
  readonly index: number;
  readonly id: string;
  readonly startedMs: number;
  readonly lastLine: LastLine;
}

/** Follows the events of one run. */
export function createProgress(options: ProgressOptions): Progress {
  return new ProgressView(options);
}

class ProgressView implements Progress {
  readonly #options: ProgressOptions;
  readonly #running = new Map<number, RunningStage>();
  #stages = 0;
  #cancelTimer: () => void = () => undefined;
  #drawn = false;

  /** An agent reads the end of the log once it matters. */
  get #quotesOutput(): boolean {
    const { mode, quotesOutput = true } = this.#options;
    return quotesOutput && mode !== 'brief';
  }

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#scheduleTick();
  }

  onEvent(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#runStarted(event);
        return;
      case 'stage.started':
        this.#stageStarted(event);
        return;
      case 'stage.retried':
        this.#line(
          event.index,
          `${nameOf(event)} attempt ${String(event.attempt)} failed, ${wait(event.delay_ms)}`,
        );
        return;
      case 'stage.finished':
        this.#stageFinished(event);
        return;
      case 'loop.iteration':
        if (this.#options.mode === 'brief') return;
        this.#line(
          event.index,
          `${nameOf(event)} iteration ${String(event.n)}: ${iterationWords(event)}`,
        );
        return;
      case 'stage.skipped':
        if (this.#options.mode === 'brief') return;
        this.#line(event.index, this.#options.colors.dim(skipWords(event)));
        return;
      case 'run.cancelling':
        this.#print(
          `Stopping: ${printableLine(event.signal ?? event.reason, 200)}. A second signal kills at once.`,
        );
        return;
      case 'run.resumed':
        this.#runResumed(event);
        return;
      case 'run.finished':
        this.close();
        return;
      case 'loop.started':
      case 'run.recovered':
      case 'run.recorded':
      case 'run.resume_refused':
      case 'stage.spawned':
        // Facts for the record: nobody waits for them.
        return;
    }
  }

  onOutput(stageIndex: number, bytes: Buffer): void {
    this.#running.get(stageIndex)?.lastLine.push(bytes);
  }

  close(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => undefined;
    this.#erase();
  }

  #runStarted(event: RunStartedEvent): void {
    this.#stages = event.stages.length;
    const runId = printableLine(event.run_id, 80);
    if (this.#options.mode === 'brief') {
      this.#print(`run ${runId} started, ${this.#stages} stages`);
      return;
    }
    const title = this.#options.colors.bold(printableLine(event.pipeline_title, 200));
    this.#print(`${title} · task ${printableLine(event.task_id, 200)} · run ${runId}`);
  }

  #runResumed({ attempt, stages, kept }: RunResumedEvent): void {
    this.#stages = stages.length;
    this.#running.clear();
    const counts = `${String(kept.length)} of ${String(stages.length)} stages kept`;
    this.#print(`Attempt ${String(attempt)}, ${counts}`);
  }

  /** Whoever attaches to a run hears of its stages when they have been running for a while. */
  #stageStarted(event: StageStartedEvent): void {
    const { clock } = this.#options;
    const { index } = event;
    const id = nameOf(event);
    const ageMs = clock.nowMs() - Date.parse(event.at);
    const startedMs = clock.monotonicMs() - (ageMs > 0 ? ageMs : 0);
    this.#running.set(index, { index, id, startedMs, lastLine: new LastLine() });
    if (this.#options.mode === 'plain') this.#line(index, `${id} started`);
    if (this.#options.mode === 'live') this.#draw();
  }

  #stageFinished(event: StageFinishedEvent): void {
    const { green, red, yellow } = this.#options.colors;
    this.#running.delete(event.index);
    if (this.#options.mode === 'brief' && event.status === 'succeeded') return;
    const color = {
      succeeded: green,
      failed: red,
      skipped: yellow,
      cancelled: yellow,
      interrupted: red,
    }[event.status];
    const words = stageEndWords(event);
    const status = event.reason === 'allowed-failure' ? 'failed, which is allowed,' : event.status;
    const text = `${nameOf(event)} ${color(status)} after ${formatDuration(event.duration_ms ?? 0)}`;
    this.#line(event.index, words === '' ? text : `${text}: ${words}`);
  }

  #line(index: number, text: string): void {
    this.#print(`[${String(index)}/${String(this.#stages)}] ${text}`);
  }

  #print(text: string): void {
    this.#erase();
    this.#options.stream.write(`${text}\n`);
    if (this.#options.mode === 'live' && this.#running.size > 0) this.#draw();
  }

  #scheduleTick(): void {
    const { clock, mode } = this.#options;
    this.#cancelTimer = clock.schedule(
      { live: redrawMs, plain: stillRunningMs, brief: rarelyStillRunningMs }[mode],
      () => {
        this.#scheduleTick();
        if (mode === 'live') this.#draw();
        else this.#tellStillRunning();
      },
      { keepAlive: false },
    );
  }

  #tellStillRunning(): void {
    for (const { index, id, startedMs, lastLine } of this.#running.values()) {
      const elapsed = formatDuration(this.#options.clock.monotonicMs() - startedMs);
      const line = this.#quotesOutput ? lastLine.text(120) : '';
      this.#line(index, `${id} still running after ${elapsed}${line === '' ? '' : `: ${line}`}`);
    }
  }

  /** Auto-wrap is off while it draws: a wide character must not spill into a second line. */
  #draw(): void {
    const [first, ...others] = this.#running.values();
    if (this.#options.mode !== 'live' || first === undefined) return;
    const { clock, colors, stream } = this.#options;
    const columns = Math.max(20, stream.columns() ?? 80);
    const names = [first, ...others].map(({ id }) => id).join(', ');
    const elapsed = formatDuration(clock.monotonicMs() - first.startedMs);
    const head = printableLine(
      `[${String(first.index)}/${String(this.#stages)}] ${names} ${elapsed}`,
      columns,
    );
    const line = this.#quotesOutput ? first.lastLine.text(columns - head.length - 2) : '';
    stream.write(`\r\u001b[?7l\u001b[2K${head}  ${colors.dim(line)}\u001b[?7h`);
    this.#drawn = true;
  }

  #erase(): void {
    if (this.#drawn) this.#options.stream.write('\r\u001b[2K');
    this.#drawn = false;
  }
}

/** Ids come from a configuration, which may hold anything. */
function nameOf({ id }: { readonly id: string }): string {
  return printableLine(id, 80);
}

function skipWords({ id, reason, summary }: StageSkippedEvent): string {
  return `${nameOf({ id })}: ${printableLine(summary ?? `Not run: ${reason}`, 200)}`;
}

function wait(delayMs: number): string {
  return delayMs === 0 ? 'again' : `again in ${formatDuration(delayMs)}`;
}
