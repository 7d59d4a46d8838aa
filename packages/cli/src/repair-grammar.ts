import { defineGrammar } from './command.js';
import { startGrammar, task, textOrJson } from './command-grammar.js';

const anyTask = {
  ...task,
  description: 'Only look at the runs of this task',
} as const;

export const recoverGrammar = defineGrammar({
  name: 'recover',
  positionals: '[run]',
  summary: 'Seal runs that ended without their owner; exits 1 when a record is damaged',
  details: [
    'Without a run: those that are marked as unsealed, which costs no look at history.',
    'What such a run left running is ended; a run that somebody still runs is left alone.',
  ],
  flags: {
    run: {
      kind: 'text',
      placeholder: 'id|latest',
      description: 'Only this run, of any task',
    },
    all: {
      kind: 'boolean',
      description: 'Every record, also those without a mark',
    },
    task: anyTask,
    format: textOrJson,
  },
});

const { deadline, format, interactive, keepGoing, maxParallel, target } = startGrammar.flags;

/** What a further attempt of a run takes, whichever command begins it. */
const attemptFlags = {
  run: {
    kind: 'text',
    placeholder: 'id|latest',
    description: 'Run to go on with, of any task',
  },
  task: anyTask,
  token: {
    kind: 'text',
    placeholder: 'hex',
    description: 'Checked against .resume-token of the run; without it none is asked for',
  },
  actor: {
    kind: 'text',
    placeholder: 'name',
    description: 'Who wants it (default cli)',
  },
  allowDrift: {
    kind: 'boolean',
    description: 'Go on although the configuration has changed; changed stages run again',
  },
  format,
  keepGoing,
  maxParallel,
  deadline,
  interactive,
  target,
} as const;

export const resumeGrammar = defineGrammar({
  name: 'resume',
  positionals: '[run]',
  summary: 'Go on with a run that is over and did not succeed, where it ended',
  details: [
    'Without a run: the latest one.',
    'Stages that succeeded are kept as long as their definition and declared inputs are the same.',
    'What is refused is recorded. keepGoing and maxParallel are as at the start unless given.',
  ],
  flags: {
    ...attemptFlags,
    reason: {
      kind: 'text',
      placeholder: 'text',
      description: 'Why (default manual-resume)',
    },
  },
});

export const retryGrammar = defineGrammar({
  name: 'retry',
  positionals: '[run]',
  summary: 'Run a run that did not succeed again, as a further attempt of it',
  details: ['Without a run: the latest one.'],
  flags: {
    ...attemptFlags,
    failed: {
      kind: 'boolean',
      description: 'Only what failed or never ran (else everything)',
    },
    reason: {
      kind: 'text',
      placeholder: 'text',
      description: 'Why (default manual-retry)',
    },
  },
});

export const verifyGrammar = defineGrammar({
  name: 'verify',
  positionals: '[run]',
  summary: 'Check that records are as they were written; exits 1 when one is not',
  details: [
    'Without a run: the latest one. Says which file was altered, cut or is missing; changes nothing.',
  ],
  flags: {
    run: {
      kind: 'text',
      placeholder: 'id|latest',
      description: 'Run to check',
    },
    all: { kind: 'boolean', description: 'Every run' },
    task: anyTask,
    publicKey: {
      kind: 'text',
      placeholder: 'file',
      description: 'Ed25519 public key (PEM): records must be signed with its private key',
    },
    format: textOrJson,
  },
});
