import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { experienceLine } from '../../experience/experience-line.js';
import type { experienceTopGrammar } from '../../experience-grammar.js';
import { printable } from '../../render/printable.js';
import type { TopAnswer } from './answers.js';
import { lookUp } from './look-up.js';

/** `experience top`: the lines that go in front of an agent; none is an answer too. */
export const experienceTop: RunCommand<(typeof experienceTopGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const { selection, described } = await lookUp(flags, 'chosen', io);
  const { chosen, cost } = selection;
  const result: TopAnswer = { ...described, records: chosen, text_cost: cost };
  answer.give(result, () => chosen.map((record) => experienceLine(record, selection)));
  if (chosen.length === 0 && answer.format === 'text') {
    io.stderr.write(`codex-orchestrator: no experiences of ${printable(described.domain)}\n`);
  }
  return exitCodes.succeeded.code;
};
