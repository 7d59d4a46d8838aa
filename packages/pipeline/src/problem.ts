/** What can be wrong with a config or with the plan made from it. */
export type ProblemCode =
  | 'CWD_ESCAPES_ROOT'
  | 'DUPLICATE_PIPELINE_ID'
  | 'DUPLICATE_STAGE_ID'
  | 'DUPLICATE_VALIDATOR'
  | 'INPUTS_ESCAPE_ROOT'
  | 'INVALID_JSON'
  | 'INVALID_VALUE'
  | 'LOOP_REPEATED'
  | 'NEEDS_CYCLE'
  | 'NO_EFFECT'
  | 'PIPELINE_EMPTY'
  | 'PIPELINE_NOT_FOUND'
  | 'PLAN_TOO_LARGE'
  | 'PROTECT_ESCAPES_ROOT'
  | 'STAGE_SET_NESTED'
  | 'STAGE_SET_NOT_FOUND'
  | 'SUBPIPELINE_CYCLE'
  | 'SUBPIPELINE_TOO_DEEP'
  | 'UNKNOWN_KEY'
  | 'UNKNOWN_NEED'
  | 'UNKNOWN_TARGET';

/** A place in a text file, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong, where it is, and what would put it right. */
export interface Problem {
  readonly code: ProblemCode;
  /** Path inside the JSON, such as `pipelines[0].stages[2].command`; empty for the whole file. */
  readonly path: string;
  /** What was wrong, one sentence without a full stop. */
  readonly message: string;
  /** What to write instead, where that is certain. */
  readonly fix?: string;
  /** Where `path` begins in the file, where the text is known. */
  readonly position?: TextPosition;
}

/** One line for people: `codex.orchestrator.json:12:7: pipelines[0].title: expected …; fix: …`. */
export function formatProblem(problem: Problem, file: string): string {
  const place = problem.position
    ? `${file}:${problem.position.line}:${problem.position.column}`
    : file;
  const subject = problem.path === '' ? '' : `${problem.path}: `;
  const fix = problem.fix === undefined ? '' : `; fix: ${problem.fix}`;
  return `${place}: ${subject}${problem.message}${fix}`;
}
