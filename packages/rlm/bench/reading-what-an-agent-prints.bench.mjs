const lines = 20_000;

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Reading 20,000 lines of what an agent printed takes no more time than before.',
  async prepare({ load }) {
    const { UsageCounter } = await load('@codex-orchestrator/rlm');
    return { UsageCounter, printed: Array.from({ length: lines }, (_, at) => lineOf(at)) };
  },
  run({ UsageCounter, printed }) {
    const counter = new UsageCounter('codex');
    for (const line of printed) counter.add(line);
    return { ...counter.usage, toolCalls: counter.toolCalls };
  },
};

function lineOf(at) {
  if (at % 100 === 99) {
    const usage = { input_tokens: at, cached_input_tokens: 10, output_tokens: 5 };
    return JSON.stringify({ type: 'turn.completed', usage });
  }
  const item = { id: `item_${at}`, type: 'command_execution', command: 'npm test', exit_code: 0 };
  return at % 10 === 0
    ? JSON.stringify({ type: 'item.completed', item })
    : `a line of a log that is no event, number ${at}`;
}
