import { explainSelection } from '@codex-orchestrator/experience-store';
import type { Explanation } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceExplainGrammar } from '../../experience-grammar.js';
import type { CandidateAnswer, ExplainAnswer } from './answers.js';
import { lookUp } from './look-up.js';

/** `experience explain`: what spoke for and against each candidate. */
export const experienceExplain: RunCommand<(typeof experienceExplainGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const { selection, described } = await lookUp(flags, 'candidates', io);
  const result: ExplainAnswer = {
    ...described,
    candidates: selection.explanations.map(describeCandidate),
  };
  answer.give(result, () => explainSelection(selection));
  return exitCodes.succeeded.code;
};

function describeCandidate(explanation: Explanation): CandidateAnswer {
  const { id, chosen, slot, source, penalty, relevance, usefulness, decay } = explanation;
  return {
    id,
    chosen,
    slot,
    source,
    raw_score: explanation.rawScore,
    policy_score: explanation.policyScore,
    penalty,
    relevance,
    usefulness,
    decay,
    similarity: explanation.similarity,
    similar_to: explanation.similarTo,
    reason: explanation.reason,
    sentence: explanation.sentence,
  };
}
