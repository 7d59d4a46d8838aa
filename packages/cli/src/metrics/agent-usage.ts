/** Programs whose own events say what they used. */
const agents = ['claude', 'codex', 'gemini', 'opencode', 'qwen'] as const;
export type Agent = (typeof agents)[number];

/** What an agent used, by its own account. */
export interface AgentUsage {
  /** All tokens: what was sent, cached or not, and what was answered. */
  readonly tokens: number;
  /** 0 where the agent states no cost. */
  readonly costUsd: number;
  readonly toolCalls: number;
}

export const noUsage: AgentUsage = { tokens: 0, costUsd: 0, toolCalls: 0 };

export function isAgent(program: string): program is Agent {
  return (agents as readonly string[]).includes(program);
}

/** Adds up what an agent's events say, line by line. What is no event of it counts nothing. */
export class UsageCounter {
  readonly #note: (event: Members, counts: Counts) => void;
  readonly #counts: Counts = { tokens: 0, costUsd: 0, statedCalls: 0, calls: new Set() };

  constructor(agent: Agent) {
    this.#note = readers[agent];
  }

  /** Takes one line of output. */
  add(line: string): void {
    const event = parseEvent(line);
    if (event !== undefined) this.#note(event, this.#counts);
  }

  get total(): AgentUsage {
    const { tokens, costUsd, statedCalls, calls } = this.#counts;
    // A log can lack its middle: then the agent's own count knows of more calls than the log shows.
    return { tokens, costUsd, toolCalls: Math.max(statedCalls, calls.size) };
  }
}

interface Counts {
  tokens: number;
  costUsd: number;
  /** Tool calls as the agent itself adds them up. */
  statedCalls: number;
  /** Tool calls as they are seen, each once. */
  readonly calls: Set<string>;
}

type Members = Readonly<Record<string, unknown>>;

const readers: Readonly<Record<Agent, (event: Members, counts: Counts) => void>> = {
  claude: (event, counts) => {
    noteMessages(event, counts, ['cache_creation_input_tokens', 'cache_read_input_tokens']);
  },
  codex: noteCodex,
  gemini: noteGemini,
  opencode: noteOpencode,
  // It counts cached tokens among those of its input.
  qwen: (event, counts) => {
    noteMessages(event, counts, []);
  },
};

/** The items of a turn that are uses of tools. */
const codexTools: ReadonlySet<unknown> = new Set([
  'collab_tool_call',
  'command_execution',
  'file_change',
  'mcp_tool_call',
  'web_search',
]);

/** `codex exec --json`. Cached tokens are among those of the input, reasoning among the output. */
function noteCodex({ type, usage, item }: Members, counts: Counts): void {
  if (type === 'turn.completed') {
    counts.tokens += sumOf(membersOf(usage), ['input_tokens', 'output_tokens']);
  } else if (type === 'item.completed' && codexTools.has(membersOf(item)['type'])) {
    // Items are numbered anew in each session.
    counts.calls.add(String(counts.calls.size));
  }
}

/** `claude -p --output-format stream-json` and those that speak alike. */
function noteMessages(event: Members, counts: Counts, cached: readonly string[]): void {
  const { type, usage, message, total_cost_usd: cost } = event;
  if (type === 'result') {
    const used = membersOf(usage);
    const stated = used['total_tokens'];
    counts.tokens += isCount(stated)
      ? stated
      : sumOf(used, ['input_tokens', 'output_tokens', ...cached]);
    if (isCount(cost)) counts.costUsd += cost;
  } else if (type === 'assistant') {
    const { content } = membersOf(message);
    for (const block of Array.isArray(content) ? content.map(membersOf) : []) {
      if (block['type'] === 'tool_use') addCall(block['id'], counts);
    }
  }
}

/** `gemini -o stream-json`. */
function noteGemini({ type, stats, tool_id: id }: Members, counts: Counts): void {
  if (type === 'tool_use') addCall(id, counts);
  if (type !== 'result') return;
  const used = membersOf(stats);
  const { total_tokens: tokens, tool_calls: calls } = used;
  counts.tokens += isCount(tokens) ? tokens : sumOf(used, ['input_tokens', 'output_tokens']);
  if (isCount(calls)) counts.statedCalls += calls;
}

/** `opencode run --format json`. Cached and reasoning tokens are counted beside the others. */
function noteOpencode({ type, part }: Members, counts: Counts): void {
  const { tokens, cost, callID: id } = membersOf(part);
  if (type === 'tool_use') addCall(id, counts);
  if (type !== 'step_finish') return;
  const used = membersOf(tokens);
  counts.tokens += sumOf(used, ['input', 'output', 'reasoning']);
  counts.tokens += sumOf(membersOf(used['cache']), ['read', 'write']);
  if (isCount(cost)) counts.costUsd += cost;
}

/** A call is told of once per id; one without an id counts by itself. */
function addCall(id: unknown, { calls }: Counts): void {
  calls.add(typeof id === 'string' ? `id ${id}` : String(calls.size));
}

function parseEvent(line: string): Members | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    return membersOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function sumOf(members: Members, names: readonly string[]): number {
  let sum = 0;
  for (const name of names) {
    const count = members[name];
    if (isCount(count)) sum += count;
  }
  return sum;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
