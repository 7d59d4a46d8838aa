import type { AgentAdapter, AgentEvent, EventReader } from './agent.js';
import { clipStart } from './clip-text.js';
import { countOf, membersOf, parseObject, textOf } from './json-members.js';
import type { Members } from './json-members.js';
import { namesAny } from './names-any.js';
import { describeArguments, ToolCalls } from './tool-calls.js';

/** Arguments that say themselves what it may do. */
const approvalFlags = ['-y', '--yolo', '--approval-mode'];

/** `gemini -o stream-json`, with the prompt on its standard input: without one it would be interactive. */
export const gemini: AgentAdapter = {
  name: 'gemini',
  program: 'gemini',
  createCall({ program = 'gemini', args }, { prompt, promptPath, readOnly }) {
    const approval = readOnly ? ['--approval-mode', 'default'] : ['--yolo'];
    return {
      command: [
        program,
        '-o',
        'stream-json',
        // It ends at once in a folder that nobody has trusted yet.
        '--skip-trust',
        ...(namesAny(args, approvalFlags) ? [] : approval),
        ...args,
      ],
      stdin: prompt,
      env: { RLM_PROMPT_FILE: promptPath },
    };
  },
  createReader: () => new GeminiReader(),
};

/** More than anybody keeps of a message. */
const maxMessageBytes = 64 * 1024;

class GeminiReader implements EventReader {
  readonly #calls = new ToolCalls();
  /** A message comes in pieces. */
  #message = '';

  read(line: string): readonly AgentEvent[] {
    const event = parseObject(line);
    if (event === undefined) return [];
    const { type, role, content } = event;
    if (type === 'message') return role === 'assistant' ? this.#addPiece(content) : [];
    return [...this.#endMessage(), ...this.#readEvent(event)];
  }

  #addPiece(content: unknown): AgentEvent[] {
    this.#message = clipStart(this.#message + (textOf(content) ?? ''), maxMessageBytes);
    return [{ type: 'activity' }];
  }

  #endMessage(): AgentEvent[] {
    const text = this.#message;
    this.#message = '';
    return text === '' ? [] : [{ type: 'message', text }];
  }

  #readEvent(event: Members): AgentEvent[] {
    switch (event['type']) {
      case 'init':
        return [{ type: 'session', id: textOf(event['session_id']) ?? '' }];
      case 'tool_use': {
        const name = textOf(event['tool_name']) ?? '';
        this.#calls.begin(event['tool_id'], name, describeArguments(event['parameters']));
        return [{ type: 'activity' }];
      }
      case 'tool_result':
        return this.#readToolResult(event);
      case 'error':
        return [
          { type: 'error', message: textOf(event['message']) ?? 'an error without a message' },
        ];
      case 'result':
        return [...this.#calls.endAll(), ...readResult(event)];
      default:
        return [];
    }
  }

  #readToolResult({ tool_id: id, status, error, output }: Members): AgentEvent[] {
    const failed = status !== 'success';
    const events = this.#calls.end(id, failed);
    const message = textOf(membersOf(error)['message']) ?? textOf(output) ?? '';
    const [call] = events;
    if (failed && call?.type === 'tool' && refused.test(message)) {
      events.push({ type: 'denied', tool: call.name, detail: `${call.detail}: ${message}` });
    }
    return events;
  }
}

const refused =
  /\b(?:access denied|denied by policy|not allowed|requires? (?:approval|permission))\b/i;

function readResult({ status, error, stats }: Members): AgentEvent[] {
  const { input_tokens: input, output_tokens: output, ...used } = membersOf(stats);
  const inputTokens = countOf(input);
  const usage = {
    inputTokens,
    cachedInputTokens: countOf(used['cached']),
    // What is in the total and in neither part is what it thought.
    outputTokens: Math.max(countOf(output), countOf(used['total_tokens']) - inputTokens),
    costUsd: 0,
  };
  const ok = status === 'success';
  const failure = textOf(membersOf(error)['message']) ?? `the status is ${JSON.stringify(status)}`;
  return [
    { type: 'usage', counts: 'total', usage, toolCalls: countOf(used['tool_calls']) },
    { type: 'end', ok, reason: ok ? 'completed' : failure },
  ];
}
