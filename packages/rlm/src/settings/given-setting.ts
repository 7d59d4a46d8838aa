import type { Environment } from '@codex-orchestrator/core';

import type { ConfiguredLoop } from './configured-loop.js';

/** Where each setting can be given. The variables of one setting are asked in their order. */
const places = {
  goal: place('--goal', ['RLM_GOAL'], 'goal'),
  validator: place('--validator', ['RLM_VALIDATOR'], 'validators'),
  roles: place('--roles', ['RLM_ROLES'], 'roles'),
  maxIterations: place('--max-iterations', ['RLM_MAX_ITERATIONS'], 'maxIterations'),
  maxMinutes: place('--max-minutes', ['RLM_MAX_MINUTES'], 'maxMinutes'),
  agent: place('--agent', ['RLM_AGENT'], 'agent'),
  agentCommand: place('--agent-command', ['RLM_AGENT_COMMAND'], 'agentTemplate'),
  agentArgs: place('--agent-args', ['RLM_AGENT_ARGS'], 'agentArgs'),
  isolation: place('--isolation', ['RLM_ISOLATION'], 'isolation'),
  subagents: place('--subagents', ['RLM_SUBAGENTS', 'CODEX_SUBAGENTS'], 'subagents'),
  turnTimeoutMs: place('--turn-timeout-ms', ['RLM_TURN_TIMEOUT_MS'], 'turnTimeoutMs'),
  silenceTimeoutMs: place('--silence-timeout-ms', ['RLM_SILENCE_TIMEOUT_MS'], 'silenceTimeoutMs'),
  validatorTimeoutMs: place(
    '--validator-timeout-ms',
    ['RLM_VALIDATOR_TIMEOUT_MS'],
    'validatorTimeoutMs',
  ),
  maxCostUsd: place('--max-cost-usd', ['RLM_MAX_COST_USD'], 'maxCostUsd'),
  maxTokens: place('--max-tokens', ['RLM_MAX_TOKENS'], 'maxTokens'),
  maxConsecutiveErrors: place('--max-errors', ['RLM_MAX_ERRORS'], 'maxConsecutiveErrors'),
  maxOutputBytes: place('--max-output-bytes', [], 'maxOutputBytes'),
  stallAfter: place('--stall-after', ['RLM_STALL_AFTER'], 'stallAfter'),
  onTamper: place('--on-tamper', ['RLM_ON_TAMPER'], 'onTamper'),
} as const;

export type SettingName = keyof typeof places;

/** The texts of flags, by setting. A flag that was not given is undefined; an empty text is refused. */
export type LoopFlags = Readonly<Partial<Record<SettingName, string | undefined>>>;

export interface SettingSources {
  readonly flags: LoopFlags;
  readonly environment: Environment;
  readonly config: ConfiguredLoop;
}

/** A value and the name by which whoever gave it knows it. */
export interface Given {
  readonly source: 'flag' | 'variable' | 'config';
  readonly name: string;
  readonly value: unknown;
}

/** What was given for a setting: by flag, else by variable (an empty one counts as unset), else configured. */
export function findGiven(sources: SettingSources, setting: SettingName): Given | undefined {
  const called = findInCall(sources, setting);
  if (called) return called;
  const { member } = places[setting];
  const value: unknown = sources.config[member];
  return value === undefined ? undefined : { source: 'config', name: member, value };
}

/** The same without the configuration: what the one who starts or resumes the loop asks for now. */
export function findInCall(
  { flags, environment }: Pick<SettingSources, 'flags' | 'environment'>,
  setting: SettingName,
): Given | undefined {
  const { flag, variables } = places[setting];
  const text = flags[setting];
  if (text !== undefined) return { source: 'flag', name: flag, value: text };
  for (const name of variables) {
    const value = environment[name];
    if (value !== undefined && value.trim() !== '') return { source: 'variable', name, value };
  }
  return undefined;
}

/** How to name a setting that nobody gave: its variable, or its member where it has none. */
export function nameOf(setting: SettingName): string {
  const { variables, member } = places[setting];
  return variables[0] ?? member;
}

export function flagOf(setting: SettingName): string {
  return places[setting].flag;
}

interface Place {
  readonly flag: string;
  readonly variables: readonly string[];
  readonly member: keyof ConfiguredLoop;
}

function place(flag: string, variables: readonly string[], member: keyof ConfiguredLoop): Place {
  return { flag, variables, member };
}
