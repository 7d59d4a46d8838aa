import { checkIdentifier } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import { checklistPathOf, taskKeyOf } from '../tasks/task-key.js';

/** A task that is to be begun. */
export interface NewTask {
  /** Such as `0939`. */
  readonly id: string;
  /** Such as `agent-gates`. */
  readonly slug: string;
  /** @default the slug in words */
  readonly title?: string;
}

/** A task with the files that belong to it, relative to the root. */
export interface TaskNames {
  readonly id: string;
  readonly slug: string;
  readonly key: string;
  readonly title: string;
  readonly paths: TaskPaths;
}

export interface TaskPaths {
  readonly prd: string;
  readonly techSpec: string;
  readonly actionPlan: string;
  readonly checklist: string;
  readonly spec: string;
}

const maxTitleCharacters = 200;

/** @throws GateError `INVALID_OPTION` for an id or a slug that cannot be part of the name of a file */
export function nameTask({ id, slug, title }: NewTask): TaskNames {
  checkName('id', id);
  checkName('slug', slug);
  const key = taskKeyOf({ id, slug, paths: [] });
  if (key === undefined)
    throw refused('id and slug together', `${id}-${slug}`, 'they are too long');
  const line = (title ?? '').replace(/\s+/g, ' ').trim().slice(0, maxTitleCharacters);
  return { id, slug, key, title: line === '' ? wordsOf(slug) : line, paths: pathsOf(slug, key) };
}

function pathsOf(slug: string, key: string): TaskPaths {
  return {
    prd: `docs/PRD-${slug}.md`,
    techSpec: `docs/TECH_SPEC-${slug}.md`,
    actionPlan: `docs/ACTION_PLAN-${slug}.md`,
    checklist: checklistPathOf(key),
    spec: `tasks/specs/${key}.md`,
  };
}

function checkName(what: string, text: string): void {
  const checked = checkIdentifier(text);
  if (!checked.ok) throw refused(what, text, checked.error);
  if (/^[\p{Letter}\p{Number}][\p{Letter}\p{Number}._-]*$/u.test(text)) return;
  throw refused(what, text, 'it has other characters than letters, digits, dots, `_` and `-`');
}

function refused(what: string, text: string, reason: string): GateError {
  const shown = JSON.stringify(text.slice(0, 80));
  return new GateError('INVALID_OPTION', `Cannot use ${shown} as the ${what} of a task: ${reason}`);
}

function wordsOf(slug: string): string {
  const words = slug.replace(/[._-]+/g, ' ').trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
