import type { AgentEvent, EventReader } from './agent.js';
import { amountOf, countOf, listOf, membersOf, parseObject, textOf } from './json-members.js';
import type { Members } from './json-members.js';
import { describeArguments, ToolCalls } from './tool-calls.js';

/** Reads `--output-format stream-json` as claude prints it, and those that speak alike. */
export class MessageReader implements EventReader {
  readonly #cachedBesideInput: boolean;
  readonly #calls = new ToolCalls();
  #session = '';
  /** The message whose usage was told last: each part of a message tells it again. */
  #message: unknown;

  constructor(options: { readonly cachedBesideInput: boolean }) {
    this.#cachedBesideInput = options.cachedBesideInput;
  }

  read(line: string): readonly AgentEvent[] {
    const event = parseObject(line);
    if (event === undefined) return [];
    return [...this.#noteSession(event['session_id']), ...this.#readEvent(event)];
  }

  #noteSession(id: unknown): AgentEvent[] {
    const session = textOf(id);
    if (session === undefined || session === this.#session) return [];
    this.#session = session;
    return [{ type: 'session', id: session }];
  }

  #readEvent(event: Members): AgentEvent[] {
    switch (event['type']) {
      case 'system':
        return event['subtype'] === 'api_retry' ? [describeRetry(event)] : [];
      case 'assistant':
        return this.#readAnswer(event);
      case 'user':
        return listOf(membersOf(event['message'])['content'])
          .filter(({ type }) => type === 'tool_result')
          .flatMap((block) => this.#calls.end(block['tool_use_id'], block['is_error'] === true));
      case 'result':
        return this.#readResult(event);
      case 'stream_event':
        return [{ type: 'activity' }];
      default:
        return [];
    }
  }

  #readAnswer(event: Members): AgentEvent[] {
    const message = membersOf(event['message']);
    const blocks = listOf(message['content']);
    // The program's own words on what went wrong, in the place of an answer.
    if (textOf(event['error']) !== undefined) {
      const words = blocks.map(({ text }) => textOf(text) ?? '').join(' ');
      return [{ type: 'error', message: words.trim() || String(event['error']) }];
    }
    const isSubagent = textOf(event['parent_tool_use_id']) !== undefined;
    const events: AgentEvent[] = [{ type: 'activity' }];
    for (const block of blocks) {
      const text = textOf(block['text']);
      if (block['type'] === 'tool_use') {
        const name = textOf(block['name']) ?? '';
        this.#calls.begin(block['id'], name, describeArguments(block['input']));
      } else if (block['type'] === 'text' && text !== undefined && !isSubagent) {
        events.push({ type: 'message', text });
      }
    }
    return [...events, ...this.#readStep(message)];
  }

  #readStep({ id, usage }: Members): AgentEvent[] {
    if (textOf(id) === undefined || id === this.#message) return [];
    this.#message = id;
    const step = this.#usageOf(membersOf(usage), 0);
    if (step.inputTokens + step.outputTokens === 0) return [];
    return [{ type: 'usage', counts: 'step', usage: step }];
  }

  #readResult(event: Members): AgentEvent[] {
    const subtype = textOf(event['subtype']) ?? '';
    // Its `subtype` is `success` even where the service refused: only `is_error` tells.
    const ok =
      event['is_error'] === undefined ? !subtype.startsWith('error') : event['is_error'] === false;
    const said = textOf(event['result']);
    const usage = this.#usageOf(membersOf(event['usage']), amountOf(event['total_cost_usd']));
    return [
      ...this.#calls.endAll(),
      ...listOf(event['permission_denials']).map(describeDenial),
      { type: 'usage', counts: 'total', usage },
      { type: 'end', ok, reason: ok ? 'completed' : reasonOf(event, subtype, said) },
    ];
  }

  #usageOf(usage: Members, costUsd: number) {
    const cachedInputTokens = countOf(usage['cache_read_input_tokens']);
    const beside = this.#cachedBesideInput
      ? cachedInputTokens + countOf(usage['cache_creation_input_tokens'])
      : 0;
    const inputTokens = countOf(usage['input_tokens']) + beside;
    // What is in the total and in neither part is what it thought.
    const outputTokens = Math.max(
      countOf(usage['output_tokens']),
      countOf(usage['total_tokens']) - inputTokens,
    );
    return { inputTokens, cachedInputTokens, outputTokens, costUsd };
  }
}

function describeRetry({ error, error_status: status, attempt }: Members): AgentEvent {
  const words = [textOf(error) ?? 'error', typeof status === 'number' ? String(status) : ''];
  return { type: 'waiting', detail: `${words.join(' ').trim()}, attempt ${countOf(attempt)}` };
}

function describeDenial({ tool_name: name, tool_input: input }: Members): AgentEvent {
  return { type: 'denied', tool: textOf(name) ?? '', detail: describeArguments(input) };
}

function reasonOf(event: Members, subtype: string, said: string | undefined): string {
  const { errors, error } = event;
  const listed = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
  const message = textOf(membersOf(error)['message']);
  return said ?? message ?? (listed.join('; ') || subtype || 'the result is an error');
}
