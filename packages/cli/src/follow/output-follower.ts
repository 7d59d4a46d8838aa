import type { RunEvent, RunResumedEvent, StageStartedEvent } from '@codex-orchestrator/manifest';

import { attemptLogPath } from './attempt-log.js';
import { FollowedLog } from './followed-log.js';

/** What a stage printed, as it comes. */
export interface OutputListener {
  /** The log of an attempt begins. */
  onLog(stageId: string, path: string): void;
  /** The bytes are valid during the call. */
  onOutput(bytes: Buffer): void;
}

export interface OutputFollowerOptions {
  /** Turns a path of the record into one of this machine. */
  readonly resolvePath: (recorded: string) => string;
  /** Follow these stages only. @default all */
  readonly follows?: (stage: StageStartedEvent) => boolean;
  /** Where in the first log to begin. @default 0 */
  readonly firstOffset?: (path: string) => number;
}

/** The log of one attempt of one stage. */
interface Piece {
  readonly stageId: string;
  readonly index: number;
  /** As the record names it, relative to the root. */
  path: string;
  /** Whether nothing more is written to it. */
  isComplete: boolean;
  log?: FollowedLog;
}

/**
 * Follows what the stages of a run print, told by the events of its journal: one log after the other, in
 * the order in which the stages started, so that stages that ran side by side are not mixed up.
 */
export class OutputFollower implements Disposable {
  readonly #listener: OutputListener;
  readonly #options: OutputFollowerOptions;
  readonly #pieces: Piece[] = [];
  #runFolder = '';
  #isFirst = true;

  constructor(listener: OutputListener, options: OutputFollowerOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'run.started') this.#runFolder = event.artifact_root;
    if (event.type === 'stage.started' && this.#follows(event)) this.#begin(event);
    if (event.type === 'stage.retried') this.#repeat(event.index, event.attempt);
    if (event.type === 'stage.finished') this.#complete(event.index);
    if (event.type === 'run.finished') for (const piece of this.#pieces) piece.isComplete = true;
    if (event.type === 'run.resumed') this.#follow(event);
  }

  /** Whether everything that was announced has been delivered. */
  get isDrained(): boolean {
    return this.#pieces.length === 0;
  }

  /** Delivers some of what has come; returns false when there is nothing for now. */
  read(): boolean {
    const [piece] = this.#pieces;
    if (piece === undefined) return false;
    if (piece.log === undefined && !this.#open(piece)) {
      if (!this.#isLost(piece)) return false;
      this.#pieces.shift();
      return true;
    }
    const found = piece.log?.read((bytes) => {
      this.#listener.onOutput(bytes);
    });
    if (found === true || !piece.isComplete) return found === true;
    piece.log?.[Symbol.dispose]();
    this.#pieces.shift();
    return true;
  }

  [Symbol.dispose](): void {
    for (const { log } of this.#pieces) log?.[Symbol.dispose]();
  }

  /** A stage that runs a pipeline of its own has no log. */
  #begin({ index, id: stageId, log_path: path }: StageStartedEvent): void {
    if (path !== null) this.#pieces.push({ stageId, index, path, isComplete: false });
  }

  #repeat(index: number, attempt: number): void {
    const piece = this.#complete(index);
    if (piece === undefined) return;
    const { stageId, path } = piece;
    piece.path = attemptLogPath(path, attempt);
    this.#pieces.push({ stageId, index, path, isComplete: false });
  }

  #complete(index: number): Piece | undefined {
    const piece = this.#pieces.find((other) => other.index === index && !other.isComplete);
    if (piece !== undefined) piece.isComplete = true;
    return piece;
  }

  #follows(event: StageStartedEvent): boolean {
    return this.#options.follows?.(event) ?? true;
  }

  /** Another attempt of the run puts files of the one before away. */
  #follow({ moved }: RunResumedEvent): void {
    for (const piece of this.#pieces) {
      const move = moved.find(({ from }) => `${this.#runFolder}/${from}` === piece.path);
      if (move !== undefined) piece.path = `${this.#runFolder}/${move.to}`;
    }
  }

  #open(piece: Piece): boolean {
    const path = this.#options.resolvePath(piece.path);
    const log = FollowedLog.tryOpen(path);
    if (log === undefined) return false;
    if (this.#isFirst) log.skipTo(this.#options.firstOffset?.(path) ?? 0);
    this.#isFirst = false;
    piece.log = log;
    this.#listener.onLog(piece.stageId, piece.path);
    return true;
  }

  /** A log may be announced before it is there, and put away after that was announced. */
  #isLost({ index, isComplete }: Piece): boolean {
    return isComplete && !this.#pieces.some((other) => other.index === index && !other.isComplete);
  }
}
