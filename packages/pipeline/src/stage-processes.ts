import type {
  CommandLine,
  CommandOutput,
  CommandResult,
  RunCommandOptions,
} from '@codex-orchestrator/exec';
import type { StagePrivacy } from '@codex-orchestrator/manifest';

import { PipelineError } from './errors.js';
import type { PlannedStage } from './plan.js';
import { recordProcess } from './record-process.js';
import { addStagePrivacy, StageRedaction } from './run-redactor.js';
import { linkSignals } from './link-signals.js';
import type { StageContext } from './stage-context.js';
import { RawOutputTee } from './tee-filter.js';

/** What a loop or a gate says of a process that it starts; all else is the run's business. */
export interface StageProcessOptions extends Pick<
  RunCommandOptions,
  | 'cwd'
  | 'env'
  | 'logMaxBytes'
  | 'logPath'
  | 'signal'
  | 'silenceTimeoutMs'
  | 'stdin'
  | 'tailBytes'
  | 'timeoutMs'
> {
  /** Told of each piece of output, after secrets were taken out. */
  readonly onOutput?: (output: CommandOutput) => void;
  /** Told of each piece of output as it came: what it keeps of it is for `redact` first. */
  readonly onRawOutput?: (output: CommandOutput) => void;
}

/** Starts the processes of one loop or gate as those of its run, and leaves none of them behind. */
export class StageProcesses {
  /** Whether one of them could not be ended. */
  hasSurvivor = false;
  readonly #stage: PlannedStage;
  readonly #context: StageContext;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #end = new AbortController();
  readonly #open = new Set<Promise<unknown>>();
  #privacy: StagePrivacy | null;

  constructor(
    stage: PlannedStage,
    context: StageContext,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#stage = stage;
    this.#context = context;
    this.#environment = environment;
    this.#privacy = context.settings.redactor ? noFindings : null;
  }

  /** What was found in the output of all of them; null where nobody looked. */
  get privacy(): StagePrivacy | null {
    return this.#privacy;
  }

  async run(command: CommandLine, options: StageProcessOptions): Promise<CommandResult> {
    if (this.#end.signal.aborted) {
      const message = `Stage '${this.#stage.id}' starts a process after its end`;
      throw new PipelineError('STAGE_ENDED', message);
    }
    const running = this.#run(command, options);
    this.#open.add(running);
    try {
      const result = await running;
      this.hasSurvivor ||= result.groupEnd === 'survived';
      return result;
    } finally {
      this.#open.delete(running);
    }
  }

  /** Ends what nobody has waited for. */
  async close(): Promise<void> {
    this.#end.abort(new Error('the stage has ended'));
    await Promise.allSettled(this.#open);
  }

  /**
   * A process that is asked something and leaves nothing: what it prints is for the caller alone, and it
   * is ended with the run.
   */
  query(command: CommandLine, options: RunCommandOptions): Promise<CommandResult> {
    const { settings, signal, guard } = this.#context;
    const { graceMs, containment, clock, fs } = settings;
    return settings.runCommand(command, {
      signal,
      ...options,
      guard,
      clock,
      fs,
      ...(graceMs === undefined ? {} : { graceMs }),
      ...(containment === undefined ? {} : { containment }),
    });
  }

  async #run(command: CommandLine, options: StageProcessOptions): Promise<CommandResult> {
    const { settings, signal } = this.#context;
    const redaction = settings.redactor && new StageRedaction(settings.redactor);
    const tee = options.onRawOutput && new RawOutputTee(options.onRawOutput);
    using link = linkSignals([this.#end.signal, signal, options.signal]);
    const result = await settings.runCommand(command, {
      ...this.#commandOptions(options),
      signal: link.signal,
      ...(tee && { createFilter: (name) => tee.wrap(name, redaction?.createFilter(name)) }),
      ...(!tee && redaction && { createFilter: redaction.createFilter }),
    });
    if (redaction && this.#privacy) {
      this.#privacy = addStagePrivacy(this.#privacy, redaction.total());
    }
    if (tee?.error === undefined) return result;
    return { ...result, problems: [...result.problems, { where: 'onOutput', error: tee.error }] };
  }

  #commandOptions(options: StageProcessOptions): RunCommandOptions {
    const { guard, layout, settings } = this.#context;
    const { graceMs, logMaxBytes, containment, clock, fs } = settings;
    return {
      cwd: layout.root,
      env: this.#environment,
      ...(logMaxBytes === undefined ? {} : { logMaxBytes }),
      ...options,
      guard,
      clock,
      fs,
      ...(graceMs === undefined ? {} : { graceMs }),
      ...(containment === undefined ? {} : { containment }),
      onStarted: (started) => {
        recordProcess(this.#stage, 1, started, this.#context);
      },
    };
  }
}

const noFindings: StagePrivacy = { frames: 0, redacted_frames: 0, blocked_frames: 0, matches: {} };
