import * as z from 'zod/mini';

import { commandLine, delayMs, described, optional, text } from './schema-parts.js';

/** Agents by their names; `command` is any other program. */
export const loopAgents = ['codex', 'claude', 'gemini', 'qwen', 'opencode', 'command'] as const;
/** Agents whose events another program can print. */
export const spokenAgents = ['codex', 'claude', 'gemini', 'qwen', 'opencode'] as const;

/** Characters of a goal: it is a part of every prompt. */
export const maxGoalCharacters = 32 * 1024;
/** So many judge a loop at most. */
export const maxValidators = 32;
/** About ten years. */
export const maxLoopMinutes = 5_256_000;
export const maxLoopCount = 1_000_000_000;

/** Part of file names, which have to be the same file on every system. */
export const validatorName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/;

/** A loop as its stage configures it; what is absent is left to flags, variables and defaults. */
export type LoopConfig = z.infer<z.ZodMiniObject<ReturnType<typeof loopMembers>>>;
/** One element of `validators`. */
export type LoopValidatorConfig = Exclude<NonNullable<LoopConfig['validators']>, string>[number];

/** Each member once: the order in which a definition is digested. */
const order: Readonly<Record<keyof LoopConfig, true>> = {
  goal: true,
  agent: true,
  program: true,
  agentArgs: true,
  agentTemplate: true,
  agentSpeaks: true,
  validators: true,
  validatorTimeoutMs: true,
  roles: true,
  subagents: true,
  maxIterations: true,
  maxMinutes: true,
  turnTimeoutMs: true,
  silenceTimeoutMs: true,
  maxCostUsd: true,
  maxTokens: true,
  maxConsecutiveErrors: true,
  maxOutputBytes: true,
  stallAfter: true,
  isolation: true,
  protect: true,
  onTamper: true,
};

/** What a stage says of its loop alone, always in the same order. */
export function loopConfigOf(stage: LoopConfig): LoopConfig {
  const names = Object.keys(order) as (keyof LoopConfig)[];
  return Object.fromEntries(
    names.filter((name) => stage[name] !== undefined).map((name) => [name, stage[name]]),
  );
}

/** The members of a loop stage that say what its loop does. */
export function loopMembers() {
  return { ...agentMembers(), ...judgementMembers(), ...limitMembers() };
}

function agentMembers() {
  return {
    goal: optional(
      text().check(z.maxLength(maxGoalCharacters)),
      'What the agent is to reach. Default: that of --goal or RLM_GOAL.',
    ),
    agent: optional(z.enum(loopAgents), 'Who works on the goal. Default: the first one installed.'),
    program: optional(text(), "The agent's program, a name on the path or a path."),
    agentArgs: optional(
      z.array(z.string()),
      'Arguments for the agent before those of the loop, such as "-m" and a model.',
    ),
    agentTemplate: optional(
      text(),
      'Line for the shell that runs the agent `command`; {prompt_file} stands for the path of the prompt, which is on standard input otherwise.',
    ),
    agentSpeaks: optional(
      z.enum(spokenAgents),
      'Whose events the agent `command` prints. Default: none, it has ended well when it exits with 0.',
    ),
    roles: optional(
      z.enum(['single', 'triad']),
      'One turn per iteration, or a planner, a worker and a critic. Default: "single".',
    ),
    subagents: optional(z.boolean(), 'Whether the agent is told that it may use subagents.'),
    isolation: optional(
      z.enum(['none', 'worktree']),
      'Where the agent works: in the repository itself, or in a git worktree whose result is a branch. Default: "none".',
    ),
  };
}

function judgementMembers() {
  return {
    validators: optional(
      z.union([
        z.enum(['auto', 'none']),
        z.array(validator()).check(z.minLength(1), z.maxLength(maxValidators)),
      ]),
      'Commands that judge each iteration; all of them have to exit with 0. "auto" looks for one, "none" has nobody judge. Default: "auto".',
    ),
    validatorTimeoutMs: optional(
      delayMs(1),
      'Milliseconds one validator may take that says nothing else. Default: 1800000.',
    ),
    protect: optional(
      z.array(text()),
      'Globs of the files that decide what validators say, relative to the repository root and inside it. Default: none.',
    ),
    onTamper: optional(
      z.enum(['report', 'refuse']),
      'What a change to one of them means: a note, or the end of the loop. Default: "refuse" where `protect` names files, else "report".',
    ),
  };
}

function validator() {
  return z.union([
    ...commandLine().def.options,
    z.object({
      name: optional(
        z.string().check(
          z.regex(validatorName, {
            error: 'a name of up to 64 letters, digits, dots, hyphens and underscores',
          }),
        ),
        'Name of its logs. Default: made from the command.',
      ),
      command: described(
        commandLine(),
        'A line for /bin/sh, or a program and its arguments as a list, which no shell reads.',
      ),
      timeoutMs: optional(delayMs(1), 'Milliseconds it may take.'),
    }),
  ]);
}

function limitMembers() {
  return {
    maxIterations: optional(
      z.int().check(z.minimum(0), z.maximum(maxLoopCount)),
      'Iterations after which the loop ends; 0: no limit. Default: 88.',
    ),
    maxMinutes: optional(
      z.number().check(z.minimum(0), z.maximum(maxLoopMinutes)),
      'Minutes after which the loop ends; 0: no limit. Default: 2880.',
    ),
    turnTimeoutMs: optional(
      delayMs(0),
      'Milliseconds one turn of the agent may take; 0: no limit. Default: 3600000.',
    ),
    silenceTimeoutMs: optional(
      delayMs(0),
      'Milliseconds one turn may go without a sign of progress; 0: no limit. Default: 600000.',
    ),
    maxCostUsd: optional(
      z.number().check(z.gt(0), z.maximum(maxLoopCount)),
      'US dollars that the agent may cost, by its own account. Default: no limit.',
    ),
    maxTokens: optional(z.int().check(z.minimum(1)), 'Tokens that may be used. Default: no limit.'),
    maxConsecutiveErrors: optional(
      count(),
      'Turns in a row that may go wrong before the loop ends. Default: 3.',
    ),
    maxOutputBytes: optional(
      z.int().check(z.minimum(1)),
      'Bytes that one turn may print. Default: 1073741824.',
    ),
    stallAfter: optional(
      count(),
      'Iterations in the same place after which the loop ends. Default: 3.',
    ),
  };
}

function count() {
  return z.int().check(z.minimum(1), z.maximum(maxLoopCount));
}
