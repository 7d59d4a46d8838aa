import type { AgentAdapter, AgentEvent, EventReader } from './agent.js';
import { namesAny } from './names-any.js';
import { countOf, listOf, membersOf, parseObject, textOf } from './json-members.js';
import type { Members } from './json-members.js';

/** Arguments that choose a sandbox themselves: codex refuses to be told twice. */
const sandboxFlags = [
  '-s',
  '--sandbox',
  '--approve-for-me',
  '--full-auto',
  '--yolo',
  '--dangerously-bypass-approvals-and-sandbox',
];

/** `codex exec --json`, with the prompt on its standard input: as an argument it could be too long. */
export const codex: AgentAdapter = {
  name: 'codex',
  program: 'codex',
  createCall({ program = 'codex', args }, { prompt, promptPath, readOnly }) {
    const sandbox = namesAny(args, sandboxFlags)
      ? []
      : ['-s', readOnly ? 'read-only' : 'workspace-write'];
    return {
      command: [program, 'exec', '--json', '--skip-git-repo-check', ...sandbox, ...args],
      stdin: prompt,
      env: { RLM_PROMPT_FILE: promptPath },
    };
  },
  createReader: () => codexReader,
};

const codexReader: EventReader = { read: readLine, readError: readErrorLine };

function readLine(line: string): readonly AgentEvent[] {
  const event = parseObject(line);
  if (event === undefined) return [];
  switch (event['type']) {
    case 'thread.started':
      return [{ type: 'session', id: textOf(event['thread_id']) ?? '' }];
    case 'turn.started':
    case 'item.started':
    case 'item.updated':
      return [{ type: 'activity' }];
    case 'item.completed':
      return readItem(membersOf(event['item']));
    case 'turn.completed':
      return [usageOf(membersOf(event['usage'])), { type: 'end', ok: true, reason: 'completed' }];
    case 'turn.failed': {
      const reason = textOf(membersOf(event['error'])['message']) ?? 'the turn failed';
      return [{ type: 'end', ok: false, reason }];
    }
    case 'error':
      return readFailure(event['message']);
    default:
      return [];
  }
}

/** It goes on after some of its errors; the one that ends a turn is followed by `turn.failed`. */
function readFailure(value: unknown): AgentEvent[] {
  const message = textOf(value) ?? 'an error without a message';
  return waiting.test(message)
    ? [{ type: 'waiting', detail: message }]
    : [{ type: 'error', message }];
}

/** It says so of every model that it does not know by name, and works with it all the same. */
const harmless = 'Model metadata for ';

const waiting = /^(?:reconnecting|retrying|waiting)\b|waiting for network/i;

/** Cached tokens are among those of the input, reasoning among the output. All of the session. */
function usageOf(usage: Members): AgentEvent {
  return {
    type: 'usage',
    counts: 'total',
    usage: {
      inputTokens: countOf(usage['input_tokens']),
      cachedInputTokens: countOf(usage['cached_input_tokens']),
      outputTokens: countOf(usage['output_tokens']),
      costUsd: 0,
    },
  };
}

function readItem(item: Members): AgentEvent[] {
  switch (item['type']) {
    case 'agent_message':
      return [{ type: 'message', text: textOf(item['text']) ?? '' }];
    case 'error':
      return String(item['message']).startsWith(harmless) ? [] : readFailure(item['message']);
    case 'command_execution':
      return readCommand(item);
    case 'file_change': {
      const detail = listOf(item['changes'])
        .map(({ path }) => textOf(path) ?? '')
        .join(', ');
      return readTool(item, detail);
    }
    case 'mcp_tool_call':
      return readTool(item, [item['server'], item['tool']].map((name) => textOf(name)).join('/'));
    case 'web_search':
      return readTool(item, textOf(item['query']) ?? '');
    case 'collab_tool_call':
      return readTool(item, textOf(item['tool']) ?? '');
    default:
      return [{ type: 'activity' }];
  }
}

function readCommand(item: Members): AgentEvent[] {
  const detail = textOf(item['command']) ?? '';
  const { exit_code: exitCode, aggregated_output: output } = item;
  const failed = typeof exitCode === 'number' ? exitCode !== 0 : isFailure(item['status']);
  const events: AgentEvent[] = [{ type: 'tool', name: 'command_execution', detail, failed }];
  const blocked = item['status'] === 'declined' ? 'declined' : blockedBy(output, failed);
  if (blocked)
    events.push({ type: 'denied', tool: 'command_execution', detail: `${detail}: ${blocked}` });
  return events;
}

/** A write that the sandbox stops fails like any other: what the command printed is all that tells. */
function blockedBy(output: unknown, failed: boolean): string | undefined {
  if (typeof output !== 'string') return undefined;
  const words = failed
    ? /^.*(?:Read-only file system|Operation not permitted).*$/m
    : /^.*Read-only file system.*$/m;
  return words.exec(output)?.[0].trim();
}

function readTool(item: Members, detail: string): AgentEvent[] {
  const name = String(item['type']);
  const failed = isFailure(item['status']);
  const events: AgentEvent[] = [{ type: 'tool', name, detail, failed }];
  // A patch that does not fit is told to the model alone: one that is told here was kept from the disk.
  if (failed && name === 'file_change') events.push({ type: 'denied', tool: name, detail });
  return events;
}

function isFailure(status: unknown): boolean {
  return status === 'failed' || status === 'declined';
}

/** What its sandbox and its rules refuse before it begins is told here and nowhere else. */
function readErrorLine(line: string): readonly AgentEvent[] {
  if (!line.includes('ERROR')) return [];
  const refused = refusal.exec(line)?.[1];
  return refused === undefined ? [] : [{ type: 'denied', tool: 'codex', detail: refused }];
}

const refusal = /\bERROR \S+: error=(.*\breject(?:ed)?\b.*)$/i;
