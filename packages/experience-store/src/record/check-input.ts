import { checkIdentifier } from '@codex-orchestrator/core';

import { hasUnwanted } from './clean-text.js';
import { isDigest, isObject } from './member-values.js';
import type { ExperienceInput } from './record.js';

/** Names are compared and searched for; longer ones are no names. */
const MOST_NAME_LENGTH = 512;

/**
 * What is wrong with one input, however it was made: a clause per member, such as `summary is missing`.
 * None when a record can be made of it.
 */
export function problemsOf(input: unknown): string[] {
  if (!isObject(input)) return ['it is not an object'];
  const members = input as Readonly<Partial<Record<keyof ExperienceInput, unknown>>>;
  const problems: string[] = [];
  const note = (member: keyof ExperienceInput, problem: string | undefined): void => {
    if (problem !== undefined) problems.push(`${member} ${problem}`);
  };
  note('runId', nameProblem(members.runId));
  note('taskId', taskProblem(members.taskId));
  note('summary', textProblem(members.summary));
  note('domain', nameProblem(members.domain));
  note('reward', members.reward === undefined ? 'is missing' : objectProblem(members.reward));
  note('toolStats', toolStatsProblem(members.toolStats));
  note('epoch', epochProblem(members.epoch));
  note('stampSignature', stampProblem(members.stampSignature));
  note('evidence', evidenceProblem(members.evidence));
  for (const member of ['groupId', 'stageId', 'commit', 'source'] as const) {
    const value = members[member] ?? null;
    note(member, value === null ? undefined : nameProblem(value));
  }
  return problems;
}

function textProblem(value: unknown): string | undefined {
  if (value === undefined) return 'is missing';
  if (typeof value !== 'string') return 'is not a text';
  return value.trim() === '' ? 'is blank' : undefined;
}

function nameProblem(value: unknown): string | undefined {
  const problem = textProblem(value);
  if (problem !== undefined) return problem;
  const name = (value as string).trim();
  if (name.length > MOST_NAME_LENGTH) return `is longer than ${MOST_NAME_LENGTH} characters`;
  return hasUnwanted(name) ? 'has control characters or the like' : undefined;
}

function taskProblem(value: unknown): string | undefined {
  const problem = textProblem(value);
  if (problem !== undefined) return problem;
  const checked = checkIdentifier(value as string);
  return checked.ok ? undefined : `is no name of a task: ${checked.error}`;
}

function objectProblem(value: unknown): string | undefined {
  return isObject(value) ? undefined : 'is not an object';
}

function toolStatsProblem(value: unknown): string | undefined {
  if (value === undefined) return 'are missing';
  if (!Array.isArray(value)) return 'are not a list';
  const bad = value.findIndex((stat: unknown) => !isObject(stat) || !isFilled(stat['tool']));
  return bad === -1 ? undefined : `have no tool at ${bad}`;
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function epochProblem(value: unknown): string | undefined {
  const given = value ?? null;
  return given === null || Number.isSafeInteger(given) ? undefined : 'is not a whole number';
}

function stampProblem(value: unknown): string | undefined {
  const given = value ?? null;
  if (given === null || (typeof given === 'string' && isDigest(given))) return undefined;
  return 'is not 64 hex digits';
}

function evidenceProblem(value: unknown): string | undefined {
  const given = value ?? null;
  if (given === null) return undefined;
  if (!isObject(given)) return 'is not an object';
  const { path, sha256 } = given;
  const pathProblem = nameProblem(path);
  if (pathProblem !== undefined) return `path ${pathProblem}`;
  return typeof sha256 === 'string' && isDigest(sha256) ? undefined : 'sha256 is not 64 hex digits';
}
