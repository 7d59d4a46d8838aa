import { checkInstructions, readInstructions } from '@codex-orchestrator/experience-store';
import type { InstructionCheck, InstructionProblem } from '@codex-orchestrator/experience-store';
import type { Finding, InstructionJudgement } from '@codex-orchestrator/gates';

/**
 * Instruction files as those that runs read are judged: an absent one is nothing unless somebody named
 * it, and so is one without a text.
 *
 * @param paths Relative to the root. @default all that a run reads
 */
export function lookAtInstructions(
  root: string,
  paths: readonly string[] | undefined,
): InstructionCheck {
  if (paths === undefined) return checkInstructions({ root });
  const readings = paths.map((path) => readInstructions({ root, path }));
  return {
    files: readings.map(({ file }) => file),
    problems: readings.flatMap(({ file: { path, state }, problem }) => {
      if (state !== 'missing') return problem ?? [];
      return [{ code: 'FILE_MISSING', path, message: `There is no file ${path}.` }];
    }),
  };
}

/** The same as a gate has it. A file that has to have a stamp and has no text has none. */
export function judgeInstructions(
  root: string,
  paths: readonly string[] | undefined,
): InstructionJudgement {
  const { files, problems } = lookAtInstructions(root, paths);
  const empty = paths === undefined ? [] : files.filter(({ state }) => state === 'empty');
  return {
    files: files.filter(({ state }) => state !== 'missing').map(({ path }) => path),
    findings: [
      ...problems.map(describeProblem),
      ...empty.map(({ path }) =>
        describeProblem({ code: 'FILE_EMPTY', path, message: `There is no text in ${path}.` }),
      ),
    ],
  };
}

function describeProblem({ code, path, message }: InstructionProblem): Finding {
  // The last sentence of a message with two says what to do.
  const [, problem = message, fix = null] = /^(.+?)\. ((?:Mend|Review) .+)$/s.exec(message) ?? [];
  return {
    rule: code.toLowerCase().replaceAll('_', '-'),
    file: path,
    line: null,
    message: problem.replace(/\.$/, ''),
    fix,
  };
}
