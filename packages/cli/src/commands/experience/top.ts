import { renderExperience } from '@codex-orchestrator/experience-store';
import type { Experience, Selection } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
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
  answer.give(result, () => chosen.map((record) => lineOf(record, selection)));
  if (chosen.length === 0 && answer.format === 'text') {
    io.stderr.write(`codex-orchestrator: no experiences of ${printable(described.domain)}\n`);
  }
  return exitCodes.succeeded.code;
};

/** The same line as in the record of a run that was given it. */
function lineOf(record: Experience, { policy, explanations }: Selection): string {
  if (policy.policy !== 'competitive') return renderExperience(record);
  const place = explanations.find(({ id, chosen }) => chosen && id === record.id);
  return renderExperience(record, {
    competitive: place && { source: place.source, score: place.policyScore },
  });
}
