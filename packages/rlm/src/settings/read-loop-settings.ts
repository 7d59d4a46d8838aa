import { err, ok } from '@codex-orchestrator/core';
import type { Environment, Result } from '@codex-orchestrator/core';

import type { Detection, Validator } from '../validator/validator.js';
import type { ConfiguredLoop } from './configured-loop.js';
import { findGiven, findInCall, nameOf } from './given-setting.js';
import type { Given, LoopFlags, SettingName, SettingSources } from './given-setting.js';
import { isolations, loopRoles, tamperPolicies } from './loop-settings.js';
import type { LoopSettings } from './loop-settings.js';
import { readAgent } from './read-agent.js';
import type { InstalledAgent } from './read-agent.js';
import { readAmount, readLimit, readOtherLimits } from './read-limits.js';
import { readBooleanSetting, readChoice } from './read-value.js';
import type { Reading } from './read-value.js';
import { readValidators } from './read-validators.js';
import { expectation, invalidConfig } from './settings-problem.js';
import type { SettingsProblem } from './settings-problem.js';

/** Bytes of UTF-8: every prompt has all of the goal in it, and is bounded itself. */
export const maxGoalBytes = 16_384;

export interface LoopSettingSources {
  readonly flags: LoopFlags;
  readonly environment: Environment;
  readonly config: ConfiguredLoop;
  /**
   * What a loop that is resumed was started with. Its goal, agent, validators, roles, isolation and
   * protected files stay; what a flag or a variable says of the rest replaces it, and the configuration
   * is not asked again.
   */
  readonly earlier?: LoopSettings | undefined;
}

/** What was found on this machine and in the repository. */
export interface LoopSurroundings {
  /** In order of preference. */
  readonly installed: readonly InstalledAgent[];
  readonly detection: Detection;
  /** Takes secrets out of what becomes the name of a validator. @default takes out nothing */
  readonly redact?: ((text: string) => string) | undefined;
}

/**
 * Settles what a loop does: a flag counts before a variable, that before the configuration, that before
 * the default. Checked in this order, and the first problem is the answer: goal, roles, iterations,
 * minutes, validators, whether it would ever end, agent, the rest. Minutes may have decimals. Pure.
 */
export function readLoopSettings(
  sources: LoopSettingSources,
  facts: LoopSurroundings,
): Result<LoopSettings, SettingsProblem> {
  const { earlier } = sources;
  const goal = earlier ? ok(earlier.goal) : readGoal(sources);
  if (!goal.ok) return goal;
  const roles = earlier ? ok(earlier.roles) : readWord(sources, 'roles', loopRoles);
  if (!roles.ok) return roles;
  const maxIterations = readLimit(sources, 'maxIterations');
  if (!maxIterations.ok) return maxIterations;
  const maxMinutes = readLimit(sources, 'maxMinutes');
  if (!maxMinutes.ok) return maxMinutes;
  const validators = readJudges(sources, facts);
  if (!validators.ok) return validators;
  if (maxIterations.value === null && maxMinutes.value === null && validators.value.length === 0) {
    return err(unbounded());
  }
  const agent =
    earlier && isWhole(earlier.agent) ? ok(earlier.agent) : readAgent(sources, facts.installed);
  if (!agent.ok) return agent;
  const others = readOthers(sources);
  if (!others.ok) return others;
  const limits = readOtherLimits(sources);
  if (!limits.ok) return limits;
  return ok({
    goal: goal.value,
    agent: agent.value,
    validators: validators.value,
    roles: roles.value,
    ...others.value,
    limits: { maxIterations: maxIterations.value, maxMinutes: maxMinutes.value, ...limits.value },
  });
}

function readGoal(sources: SettingSources): Reading<string> {
  const given = findGiven(sources, 'goal');
  const name = given?.name ?? nameOf('goal');
  const goal = typeof given?.value === 'string' ? given.value.trim() : '';
  if (goal === '' || goal.includes('\0')) {
    const message = expectation(name, 'what the loop is to reach', given?.value);
    const hint = 'Say it as rlm "<goal>", with --goal or with RLM_GOAL';
    return err(invalidConfig('GOAL_MISSING', name, message, hint));
  }
  const bytes = Buffer.byteLength(goal);
  if (bytes <= maxGoalBytes) return ok(goal);
  const message = `Expected ${name} to have at most ${maxGoalBytes} bytes, got ${bytes}`;
  const hint = 'Put the details into a file of the repository and name it in the goal';
  return err(invalidConfig('GOAL_TOO_LONG', name, message, hint));
}

function readJudges(
  sources: LoopSettingSources,
  { detection, redact }: LoopSurroundings,
): Reading<readonly Validator[]> {
  const timeoutMs = readAmount(sources, 'validatorTimeoutMs');
  if (!timeoutMs.ok) return timeoutMs;
  const { earlier } = sources;
  if (!earlier || !isWhole(earlier.validators)) {
    return readValidators(findGiven(sources, 'validator'), detection, timeoutMs.value, redact);
  }
  if (!findInCall(sources, 'validatorTimeoutMs')) return ok(earlier.validators);
  return ok(earlier.validators.map((validator) => ({ ...validator, timeoutMs: timeoutMs.value })));
}

/** Whether a record has it as it was: secrets are taken out of records, and have to be given again. */
function isWhole(recorded: object): boolean {
  return !JSON.stringify(recorded).includes('[REDACTED');
}

function unbounded(): SettingsProblem {
  const name = nameOf('maxIterations');
  const message =
    'Expected a limit of iterations, a limit of minutes or a validator, got a loop with none of them, which would never end';
  const hint = `Set ${name}, ${nameOf('maxMinutes')} or ${nameOf('validator')}`;
  return invalidConfig('UNBOUNDED_LOOP', name, message, hint);
}

type OtherSettings = Pick<
  LoopSettings,
  'isolation' | 'onTamper' | 'protect' | 'stallAfter' | 'subagents'
>;

function readOthers(sources: LoopSettingSources): Reading<OtherSettings> {
  const { earlier } = sources;
  const isolation = earlier ? ok(earlier.isolation) : readWord(sources, 'isolation', isolations);
  if (!isolation.ok) return isolation;
  const protect = earlier ? ok(earlier.protect) : readProtect(sources.config.protect ?? []);
  if (!protect.ok) return protect;
  // Whoever names files means them; what is found of itself may be part of the work, such as a script.
  const usual = protect.value.length > 0 ? (['refuse', 'report'] as const) : tamperPolicies;
  const onTamper = readWord(sources, 'onTamper', usual);
  if (!onTamper.ok) return onTamper;
  const stallAfter = readAmount(sources, 'stallAfter');
  if (!stallAfter.ok) return stallAfter;
  const subagents = readSubagents(sources);
  if (!subagents.ok) return subagents;
  return ok({
    subagents: subagents.value,
    isolation: isolation.value,
    protect: protect.value,
    onTamper: onTamper.value,
    stallAfter: stallAfter.value,
  });
}

/** One of a few words, the first of which is the default. */
function readWord<Choice extends string>(
  sources: LoopSettingSources,
  name: SettingName & keyof LoopSettings,
  choices: readonly [Choice, ...Choice[]],
): Reading<Choice> {
  const given: Given | undefined = sources.earlier
    ? (findInCall(sources, name) ?? { source: 'config', name, value: sources.earlier[name] })
    : findGiven(sources, name);
  return given ? readChoice(given, choices) : ok(choices[0]);
}

function readSubagents(sources: LoopSettingSources): Reading<boolean> {
  const { earlier } = sources;
  const given = earlier ? findInCall(sources, 'subagents') : findGiven(sources, 'subagents');
  if (given === undefined) return ok(earlier?.subagents ?? false);
  return readBooleanSetting(given);
}

function readProtect(patterns: readonly unknown[]): Reading<readonly string[]> {
  const readable: string[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (typeof pattern !== 'string' || !staysInside(pattern)) {
      const name = `protect[${index}]`;
      const message = expectation(name, 'a glob below the root of the repository', pattern);
      return err(invalidConfig('INVALID_PATTERN', name, message));
    }
    readable.push(pattern);
  }
  return ok(readable);
}

function staysInside(pattern: string): boolean {
  if (pattern.trim() === '' || pattern.includes('\0')) return false;
  return !/^(?:[/\\~]|[A-Za-z]:)/.test(pattern) && !pattern.split(/[/\\]/).includes('..');
}
