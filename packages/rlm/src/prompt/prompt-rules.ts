import type { TurnRole } from '../agent/turn.js';
import { quoteLine } from './quote-data.js';

export interface RuleParts {
  readonly role: TurnRole;
  readonly subagents: boolean;
  readonly wasInterrupted: boolean;
  readonly protectedFiles: readonly string[];
}

/** What one turn is for. */
export function describeRole(role: TurnRole): string {
  switch (role) {
    case 'agent':
      return 'Work on the goal in the current folder. This is one turn of a loop: after it, commands that are not yours to change judge the result, and a further turn begins with a fresh memory if they do not pass.';
    case 'planner':
      return 'You are the planner of this iteration. Find out what stands between the current state and the goal, and write a short plan for the worker that follows you: steps, files, how to tell that each is done. Change nothing: no file, no setting, no commit.';
    case 'worker':
      return 'You are the worker of this iteration. Carry out the plan below in the current folder; where it is wrong, do what the goal needs and say so. After your turn a critic looks at the difference, and commands that are not yours to change judge the result.';
    case 'critic':
      return 'You are the critic of this iteration. Judge the difference that the worker left: is it correct, complete, and no more than the goal needs? Name each fault with its file, and what the next iteration has to do. Change nothing: no file, no setting, no commit.';
  }
}

/** What every turn has to keep to. */
export function describeRules(parts: RuleParts): string {
  const { role, subagents, wasInterrupted } = parts;
  const readOnly = role === 'planner' || role === 'critic';
  const rules = [
    ...(wasInterrupted
      ? [
          'This iteration was begun before and was interrupted: look at the files before you rely on them.',
        ]
      : []),
    ...(readOnly
      ? ['Read as much as you need, and change nothing.']
      : [
          'Make the smallest change that brings the goal closer, and check it yourself before you end.',
          'Do not change, skip or weaken tests, validators or their settings to make them pass, unless the goal itself asks for it.',
          ...protection(parts.protectedFiles),
        ]),
    'Nobody can answer while you work: where you can decide something yourself, decide it and say so.',
    ...(subagents
      ? ['You may use subagents for parts of the work that do not depend on each other.']
      : []),
    'End your last message with one line `summary: ` and what you did or found, in one sentence.',
    'Only if nothing can go on before a person has decided something, end with one line `blocked: ` and the question instead.',
  ];
  return rules.map((rule) => `- ${rule}`).join('\n');
}

function protection(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const shown = files.slice(0, 12).map((file) => `\`${quoteLine(file, 80).replaceAll('`', "'")}\``);
  const more = files.length > 12 ? ` and ${files.length - 12} more` : '';
  return [
    `These files are protected, and a change to one of them is found: ${shown.join(', ')}${more}.`,
  ];
}
