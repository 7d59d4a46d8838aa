import { quoteArgv } from '@codex-orchestrator/exec';
import type { CommandResult } from '@codex-orchestrator/exec';
import type { Manifest } from '@codex-orchestrator/manifest';
import type { RunObserver } from '@codex-orchestrator/pipeline';

import { Answer } from './answer.js';
import { ExecEvents } from './exec-events.js';
import type { ExecSubject } from './exec-events.js';
import type { ExecFormat } from './exec-format.js';
import type { Io } from './io.js';
import { printable } from './render/printable.js';

/** Where a command's output goes while it runs, and the last word about it. */
export interface ExecOutput {
  readonly observer: RunObserver;
  /** The result is missing when the command never ran. */
  finish(manifest: Manifest, result: CommandResult | undefined): void;
}

export function createExecOutput(format: ExecFormat, subject: ExecSubject, io: Io): ExecOutput {
  const events = new ExecEvents(subject, () => new Date(io.clock.nowMs()).toISOString());
  switch (format.kind) {
    case 'text':
      return textOutput(subject, io);
    case 'events':
      return eventOutput(events, io);
    case 'summary':
      return summaryOutput(events, format.style, io);
  }
}

/** The command's stdout is ours byte for byte, and so is its stderr; our own words go to stderr. */
function textOutput({ argv }: ExecSubject, { stdout, stderr }: Io): ExecOutput {
  stderr.write(`$ ${printable(quoteArgv(argv))}\n`);
  return {
    observer: {
      onEvent: () => undefined,
      onOutput: (_index, stream, bytes) => {
        (stream === 'stdout' ? stdout : stderr).write(bytes);
      },
    },
    finish({ run_id: runId, status, artifact_root: folder, log_path: logPath, commands }) {
      const [stage] = commands;
      if (stage?.outcome === 'spawn-failed') stderr.write(`${printable(stage.summary ?? '')}\n`);
      stderr.write(`${runId} ${status.toUpperCase()}\n`);
      stderr.write(`Manifest: ${folder}/manifest.json\nLog: ${logPath}\n`);
    },
  };
}

function eventOutput(events: ExecEvents, { stdout }: Io): ExecOutput {
  const answer = new Answer(stdout, 'ndjson');
  let runId = '';
  return {
    observer: {
      onEvent(event) {
        if (event.type === 'run.started') runId = event.run_id;
        if (event.type === 'stage.started') answer.event(events.begin(runId));
      },
      onOutput: (_index, stream, bytes) => {
        answer.event(events.chunk(runId, stream, bytes));
      },
    },
    finish(manifest, result) {
      for (const event of events.rest(manifest.run_id)) answer.event(event);
      answer.event(events.end(manifest, result));
      answer.give(events.summary(manifest, result), () => []);
    },
  };
}

function summaryOutput(
  events: ExecEvents,
  style: 'compact' | 'pretty',
  { stdout }: Io,
): ExecOutput {
  const answer = new Answer(stdout, style === 'pretty' ? 'json' : 'ndjson');
  return {
    observer: { onEvent: () => undefined },
    finish(manifest, result) {
      answer.give(events.summary(manifest, result), () => []);
    },
  };
}
