import type { AgentAdapter, AgentEvent, EventReader } from './agent.js';
import { amountOf, countOf, membersOf, parseObject, textOf } from './json-members.js';
import type { Members } from './json-members.js';
import { namesAny } from './names-any.js';
import { describeArguments } from './tool-calls.js';

/** `opencode run --format json`, with the prompt on its standard input. */
export const opencode: AgentAdapter = {
  name: 'opencode',
  program: 'opencode',
  createCall({ program = 'opencode', args }, { prompt, promptPath, readOnly }) {
    // Its own agent for looking without touching.
    const agent = readOnly && !namesAny(args, ['--agent']) ? ['--agent', 'plan'] : [];
    return {
      command: [program, 'run', '--format', 'json', ...agent, ...args],
      stdin: prompt,
      env: { RLM_PROMPT_FILE: promptPath },
    };
  },
  createReader: () => new OpencodeReader(),
};

class OpencodeReader implements EventReader {
  #session = '';

  read(line: string): readonly AgentEvent[] {
    const event = parseObject(line);
    if (event === undefined) return [];
    return [...this.#noteSession(event['sessionID']), ...readEvent(event)];
  }

  #noteSession(id: unknown): AgentEvent[] {
    const session = textOf(id);
    if (session === undefined || session === this.#session) return [];
    this.#session = session;
    return [{ type: 'session', id: session }];
  }
}

function readEvent({ type, part: unknownPart, error }: Members): AgentEvent[] {
  const part = membersOf(unknownPart);
  switch (type) {
    case 'step_start':
    case 'reasoning':
      return [{ type: 'activity' }];
    case 'text':
      return [{ type: 'message', text: textOf(part['text']) ?? '' }];
    case 'tool_use':
      return readTool(part);
    case 'step_finish':
      return readStep(part);
    case 'error':
      return [{ type: 'error', message: messageOf(error) }];
    default:
      return [];
  }
}

function readTool({ tool, state }: Members): AgentEvent[] {
  const { status, input, error, metadata } = membersOf(state);
  const name = textOf(tool) ?? '';
  const detail = describeArguments(input);
  const { exit } = membersOf(metadata);
  const failed = status === 'error' || (typeof exit === 'number' && exit !== 0);
  const events: AgentEvent[] = [{ type: 'tool', name, detail, failed }];
  const message = textOf(error) ?? '';
  if (refused.test(message)) {
    events.push({ type: 'denied', tool: name, detail: detail || message });
  }
  return events;
}

const refused = /rule which prevents you|rejected permission/i;

/** After these it goes on with a further step. */
const goingOn: ReadonlySet<unknown> = new Set(['tool-calls', 'unknown']);

/** Cached and reasoning tokens are counted beside the others. */
function readStep({ reason, tokens, cost }: Members): AgentEvent[] {
  const used = membersOf(tokens);
  const { read, write } = membersOf(used['cache']);
  const usage = {
    inputTokens: countOf(used['input']) + countOf(read) + countOf(write),
    cachedInputTokens: countOf(read),
    outputTokens: countOf(used['output']) + countOf(used['reasoning']),
    costUsd: amountOf(cost),
  };
  const events: AgentEvent[] = [{ type: 'usage', counts: 'step', usage }];
  const word = textOf(reason);
  if (word === undefined || goingOn.has(word)) return events;
  const ok = word === 'stop';
  return [...events, { type: 'end', ok, reason: ok ? 'completed' : `it stopped for ${word}` }];
}

function messageOf(error: unknown): string {
  const { message, name, data } = membersOf(error);
  return textOf(membersOf(data)['message']) ?? textOf(message) ?? textOf(name) ?? 'an error';
}
