import { err, ok } from '@codex-orchestrator/core';

import { agentNames } from '../agent/agent.js';
import type { AgentName, AgentSettings } from '../agent/agent.js';
import { findGiven, flagOf, nameOf } from './given-setting.js';
import type { Given, SettingSources } from './given-setting.js';
import { readAgentArgs } from './read-agent-args.js';
import { readChoice, readText } from './read-value.js';
import type { Reading } from './read-value.js';
import { expectation, invalidConfig } from './settings-problem.js';

/** An agent that was found on this machine. */
export interface InstalledAgent {
  readonly name: AgentName;
  readonly path: string;
}

/**
 * Which agent works: the one that is named by flag, variable or configuration, else the first one that
 * is installed. A command for the shell (`RLM_AGENT_COMMAND`) implies the agent `command`. What the
 * configuration says of program, arguments and command holds for the agent that it names, or for any
 * where it names none.
 */
export function readAgent(
  sources: SettingSources,
  installed: readonly InstalledAgent[],
): Reading<AgentSettings> {
  const choice = chooseName(sources, installed);
  if (!choice.ok) return choice;
  const name = choice.value;
  const own = withoutForeignParts(sources, name);
  const args = readAgentArgs(findGiven(own, 'agentArgs'));
  if (!args.ok) return args;
  const program = readProgram(own);
  if (!program.ok) return program;
  if (name === 'command') return readCommandAgent(own, args.value, program.value);
  if (program.value === undefined && !installed.some((agent) => agent.name === name)) {
    return notFound(sources, name, installed);
  }
  return ok({ name, ...(program.value && { program: program.value }), args: args.value });
}

function chooseName(
  sources: SettingSources,
  installed: readonly InstalledAgent[],
): Reading<AgentName> {
  const named = findGiven(sources, 'agent');
  const command = findGiven(sources, 'agentCommand');
  if (command && (named === undefined || rank(command) > rank(named))) return ok('command');
  if (named) {
    const choice = readChoice(named, agentNames);
    if (!choice.ok || !command || rank(command) < rank(named)) return choice;
    if (choice.value === 'command') return choice;
    const message = `Expected ${named.name} to be command or unset where ${command.name} is given, got ${choice.value}`;
    return err(invalidConfig('AGENT_CONFLICT', named.name, message));
  }
  const [first] = installed;
  return first ? ok(first.name) : noAgent();
}

/** What is said nearer to the call counts. */
function rank({ source }: Given): number {
  return ['config', 'variable', 'flag'].indexOf(source);
}

/** The sources without what the configuration says about another agent. */
function withoutForeignParts(sources: SettingSources, name: AgentName): SettingSources {
  const { config } = sources;
  const meant = config.agent ?? (config.agentTemplate === undefined ? undefined : 'command');
  if (meant === undefined || meant.trim().toLowerCase() === name) return sources;
  const none = { program: undefined, agentArgs: undefined, agentTemplate: undefined };
  return { ...sources, config: { ...config, ...none, agentSpeaks: undefined } };
}

function readProgram({ config }: SettingSources): Reading<string | undefined> {
  if (config.program === undefined) return ok(undefined);
  const given: Given = { source: 'config', name: 'program', value: config.program };
  return readText(given, 'the name or the path of a program');
}

/** A line for the shell says all itself; arguments belong to a program. */
function readCommandAgent(
  sources: SettingSources,
  args: readonly string[],
  program: string | undefined,
): Reading<AgentSettings> {
  const given = findGiven(sources, 'agentCommand');
  if (given === undefined && program === undefined) return commandMissing();
  const speaks = readSpeaks(sources);
  if (!speaks.ok) return speaks;
  const events = speaks.value && { speaks: speaks.value };
  if (given === undefined) return ok({ name: 'command', program, args, ...events });
  const template = readTemplate(given);
  if (!template.ok) return template;
  const extra = findGiven(sources, 'agentArgs');
  if (extra && args.length > 0 && rank(extra) >= rank(given)) {
    const message = `Expected ${extra.name} to be unset where ${given.name} is given, which has its arguments in it`;
    return err(invalidConfig('AGENT_CONFLICT', extra.name, message));
  }
  return ok({ name: 'command', args: [], template: template.value, ...events });
}

function commandMissing(): Reading<never> {
  const name = nameOf('agentCommand');
  const message = `The agent command needs the command that it is: neither ${name} nor agentTemplate is given`;
  const hint = `For example ${name}='my-agent --prompt-file {prompt_file}'`;
  return err(invalidConfig('AGENT_COMMAND_MISSING', name, message, hint));
}

/** A misspelt place for the prompt would reach the shell as it is, and the agent would work without one. */
function readTemplate(given: Given): Reading<string> {
  const text = readText(given, 'a line for the shell');
  if (!text.ok) return text;
  const misspelt = /(?<!\$)\{\s*(?:prompt|prompt[-_ ]?(?:file|path)|file)\s*\}/gi;
  const wrong = (text.value.match(misspelt) ?? []).find((found) => found !== '{prompt_file}');
  if (wrong === undefined) return text;
  const expected = 'a line whose place for the prompt is called {prompt_file}';
  return err(invalidConfig('INVALID_TEXT', given.name, expectation(given.name, expected, wrong)));
}

function readSpeaks({ config }: SettingSources): Reading<AgentSettings['speaks']> {
  if (config.agentSpeaks === undefined) return ok(undefined);
  const given: Given = { source: 'config', name: 'agentSpeaks', value: config.agentSpeaks };
  const speakers = agentNames.filter((name) => name !== 'command');
  return readChoice(given, speakers);
}

function notFound(
  sources: SettingSources,
  agent: AgentName,
  installed: readonly InstalledAgent[],
): Reading<never> {
  const name = findGiven(sources, 'agent')?.name ?? nameOf('agent');
  const message = `The agent ${agent} that ${name} names is not on the path`;
  const others = installed.map((found) => found.name).join(', ');
  const hint = `${others === '' ? 'No agent is installed' : `Installed: ${others}`}; the member program says where one lies`;
  return err(invalidConfig('AGENT_NOT_FOUND', name, message, hint));
}

function noAgent(): Reading<never> {
  const looked = agentNames.filter((name) => name !== 'command').join(', ');
  const name = nameOf('agent');
  const message = `Found no agent on the path; looked for ${looked}`;
  const hint = `Install one, or name any other program: ${nameOf('agentCommand')}='my-agent --prompt-file {prompt_file}' (${flagOf('agent')} and ${name} choose among several)`;
  return err(invalidConfig('NO_AGENT', name, message, hint));
}
