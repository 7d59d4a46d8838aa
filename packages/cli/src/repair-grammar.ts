import { defineGrammar } from './command.js';
import { task, textOrJson } from './command-grammar.js';

const anyTask = {
  ...task,
  description: 'Only look at the runs of this task',
} as const;

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
