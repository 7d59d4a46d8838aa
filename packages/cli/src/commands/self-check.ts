import type { RunCommand } from '../command.js';
import type { selfCheckGrammar } from '../command-grammar.js';
import { exitCodes } from '../exit-codes.js';
import { version } from '../version.js';

/** `self-check`: the program starts, and this is what it is. */
export const selfCheck: RunCommand<(typeof selfCheckGrammar)['flags']> = (
  _input,
  { io, answer },
) => {
  const value = {
    status: 'ok',
    name: 'codex-orchestrator',
    version,
    node: io.platform.node,
    timestamp: new Date(io.clock.nowMs()).toISOString(),
  };
  answer.give(value, () => [
    `Status: ${value.status}`,
    `Name: ${value.name}`,
    `Version: ${value.version}`,
    `Node: ${value.node}`,
    `Timestamp: ${value.timestamp}`,
  ]);
  return Promise.resolve(exitCodes.succeeded.code);
};
