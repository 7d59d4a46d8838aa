import type { RunCommand } from '../command.js';
import type { doctorGrammar } from '../command-grammar.js';
import { runChecks } from '../doctor-checks.js';
import { exitCodes } from '../exit-codes.js';
import { renderChecks } from '../render/checks.js';

/** `doctor`: what runs need here, each point checked for real. */
export const doctor: RunCommand<(typeof doctorGrammar)['flags']> = async (
  _input,
  { io, answer },
) => {
  const checks = await runChecks(io);
  const missing = checks.filter(({ status }) => status === 'error').map(({ id }) => id);
  const warned = checks.some(({ status }) => status === 'warning');
  const status = missing.length > 0 ? 'error' : warned ? 'warning' : 'ok';
  answer.give({ status, missing, checks }, () => renderChecks(status, checks));
  return status === 'error' ? exitCodes.failed.code : exitCodes.succeeded.code;
};
