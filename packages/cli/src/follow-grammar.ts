import { defineGrammar } from './command.js';
import { anyFormat, maxInteger, task, textOrJson } from './command-grammar.js';

/** By which every command about one run finds it. */
const whichRun = {
  run: { kind: 'text', placeholder: 'id|latest', description: 'The run (else the latest one)' },
  task: { ...task, description: 'Only look at the runs of this task' },
} as const;

export const latestGrammar = defineGrammar({
  name: 'latest',
  positionals: '',
  summary: 'Print run id, status and manifest of the newest run on one line',
  details: [],
  flags: { task: whichRun.task, format: textOrJson },
});

export const showGrammar = defineGrammar({
  name: 'show',
  positionals: '[run]',
  summary: 'Show a run to a reviewer: verdict, history, stages, evidence',
  details: ['json: the manifest with what follows from it. Exit code 0 whatever the status.'],
  flags: { ...whichRun, format: textOrJson },
});

export const logsGrammar = defineGrammar({
  name: 'logs',
  positionals: '[run]',
  summary: 'Print what a stage printed, byte for byte',
  details: [
    'Without a stage: the one that failed first, else the one that started last.',
    'Headers go to stderr. On a terminal, escape sequences are taken out.',
  ],
  flags: {
    ...whichRun,
    stage: { kind: 'text', placeholder: 'id|number', description: 'The stage' },
    failed: { kind: 'boolean', description: 'Every stage that failed, one after the other' },
    follow: {
      kind: 'boolean',
      description: 'Go on until the stage is over; without --stage, until the run is over',
    },
    lines: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: maxInteger,
      description: 'Begin with the last lines only',
    },
    attempt: {
      kind: 'integer',
      placeholder: 'n',
      minimum: 1,
      maximum: 1_000_000,
      description: 'An attempt of a stage that was repeated (default: the last)',
    },
    format: {
      ...textOrJson,
      description: 'json: path, size and the last 64 KiB of each log as one value',
    },
  },
});

export const waitGrammar = defineGrammar({
  name: 'wait',
  positionals: '[run]',
  summary: 'Wait until a run is over; answers and exits as its start would have',
  details: ['A signal or the timeout ends the waiting and leaves the run alone.'],
  flags: {
    ...whichRun,
    timeout: {
      kind: 'integer',
      placeholder: 'ms',
      minimum: 1,
      maximum: maxInteger,
      description: 'Longest wait in milliseconds; then exit code 124 with WAIT_TIMEOUT',
    },
    format: anyFormat,
  },
});

export const attachGrammar = defineGrammar({
  name: 'attach',
  positionals: '[run]',
  summary: 'Show a run from its beginning and follow it to its end',
  details: [
    'Answers and exits as its start would have. A signal ends the watching and leaves the run alone.',
    'ndjson: the lines of the journal, then the verdict.',
  ],
  flags: {
    ...whichRun,
    output: {
      kind: 'boolean',
      description: 'Print what the stages print, one stage after the other, on stdout',
    },
    interactive: {
      kind: 'boolean',
      aliases: ['ui'],
      description: 'Live progress line, also under CI; --no-interactive: plain lines',
    },
    format: anyFormat,
  },
});

export const cancelGrammar = defineGrammar({
  name: 'cancel',
  positionals: '[run]',
  summary: 'Have the owner of a run end it; answers when the record is sealed',
  details: [
    'Signals nobody who is not proven to be the owner. Cancelling twice kills the stages at once.',
    'Exit code 0 once the run is over, however it ended; 75 when its owner is gone.',
  ],
  flags: {
    ...whichRun,
    reason: { kind: 'text', placeholder: 'text', description: 'Kept in the folder of the run' },
    signal: {
      kind: 'choice',
      choices: ['TERM', 'INT'],
      description: 'What to send (default TERM)',
    },
    timeout: {
      kind: 'integer',
      placeholder: 'ms',
      minimum: 1,
      maximum: maxInteger,
      description: 'Longest wait for the end in milliseconds (default 30000)',
    },
    format: anyFormat,
  },
});
