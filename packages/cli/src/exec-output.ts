import { resolve } from 'node:path';

import { quoteArgv } from '@codex-orchestrator/exec';
import type { CommandResult } from '@codex-orchestrator/exec';
import type { Manifest } from '@codex-orchestrator/manifest';
import type { RunObserver } from '@codex-orchestrator/pipeline';

import { Answer } from './answer.js';
import type { CommandContext } from './command.js';
import { ExecEvents } from './exec-events.js';
import type { ExecSubject } from './exec-events.js';
import type { ExecFormat } from './exec-format.js';
import { GuardedStream } from './github/guarded-stream.js';
import type { Io } from './io.js';
import { readLogTail } from './log-tail.js';
import { renderAgentAnswer } from './render/agent-answer.js';
import { printable } from './render/printable.js';
import type { RunAnswer } from './run-answer.js';

/** More lines than an answer to an agent can hold. */
const quotedLines = 200;

const quiet: RunObserver = { onEvent: () => undefined };

/** Where a command's output goes while it runs, and the last word about it. */
export interface ExecOutput {
  readonly observer: RunObserver;
  finish(end: ExecEnd): void;
  /** Comes last, however the run ended. */
  close(): void;
}

/** What is known of a command that has ended. */
export interface ExecEnd {
  readonly manifest: Manifest;
  /** Missing when the command never ran. */
  readonly result: CommandResult | undefined;
  readonly described: RunAnswer;
}

export function createExecOutput(
  format: ExecFormat,
  subject: ExecSubject,
  { answer, io }: Pick<CommandContext, 'answer' | 'io'>,
): ExecOutput {
  const events = new ExecEvents(subject, () => new Date(io.clock.nowMs()).toISOString());
  switch (format.kind) {
    case 'text':
      return textOutput(subject, io);
    case 'events':
      return eventOutput(events, io);
    case 'summary':
      return summaryOutput(events, format.style, io);
    case 'agent':
      return agentOutput(answer, io);
  }
}

/**
 * The command's stdout is ours byte for byte, and so is its stderr; our own words go to stderr. On
 * GitHub Actions workflow commands are off meanwhile, which is said on stderr alone: it counts for both,
 * and stdout may be somebody's input.
 */
function textOutput({ argv }: ExecSubject, { stdout, stderr }: Io): ExecOutput {
  stderr.write(`$ ${printable(quoteArgv(argv)).replaceAll('\n', ' ')}\n`);
  const resumeCommands = stderr instanceof GuardedStream ? stderr.stopCommands() : () => undefined;
  return {
    observer: {
      onEvent: () => undefined,
      onOutput: (_index, stream, bytes) => {
        (stream === 'stdout' ? stdout : stderr).write(bytes);
      },
    },
    finish({ manifest }) {
      resumeCommands();
      const { run_id: runId, status, artifact_root: folder, log_path: logPath } = manifest;
      const [stage] = manifest.commands;
      if (stage?.outcome === 'spawn-failed') stderr.write(`${printable(stage.summary ?? '')}\n`);
      stderr.write(`${runId} ${status.toUpperCase()}\n`);
      stderr.write(`Manifest: ${printable(folder)}/manifest.json\nLog: ${printable(logPath)}\n`);
    },
    close: resumeCommands,
  };
}

/** The output is in the log; of it, as much as there is room for is in the answer. */
function agentOutput(answer: Answer, { cwd }: Io): ExecOutput {
  return {
    observer: quiet,
    finish({ manifest, described }) {
      const root = manifest.workspace_path ?? cwd;
      const log = manifest.commands[0]?.log_path ?? null;
      const lastLines = log === null ? [] : readLogTail(resolve(root, log), quotedLines);
      const shown = { root, cwd, lastLines, ...(log === null ? {} : { logPath: log }) };
      answer.give(described, () => renderAgentAnswer(described, shown));
    },
    close: () => undefined,
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
    finish({ manifest, result, described }) {
      for (const event of events.rest(manifest.run_id)) answer.event(event);
      answer.event(events.end(manifest, result));
      answer.give(events.summary(manifest, result, described), () => []);
    },
    close: () => undefined,
  };
}

function summaryOutput(
  events: ExecEvents,
  style: 'compact' | 'pretty',
  { stdout }: Io,
): ExecOutput {
  const answer = new Answer(stdout, style === 'pretty' ? 'json' : 'ndjson');
  return {
    observer: quiet,
    finish({ manifest, result, described }) {
      answer.give(events.summary(manifest, result, described), () => []);
    },
    close: () => undefined,
  };
}
