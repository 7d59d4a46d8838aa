/** @returns {import('../voice.mjs').Voice} */
export function codexVoice() {
  let items = 0;
  const item = (/** @type {object} */ content) => ({
    type: 'item.completed',
    item: { id: `item_${items++}`, ...content },
  });
  const execute = (/** @type {import('../voice.mjs').ToolCall} */ { command, output, exitCode }) =>
    item({
      type: 'command_execution',
      command: `/bin/bash -lc ${command}`,
      aggregated_output: output,
      exit_code: exitCode,
      status: exitCode === 0 ? 'completed' : 'failed',
    });
  return {
    begin: () => [
      { type: 'thread.started', thread_id: '00000000-0000-7000-8000-000000000001' },
      { type: 'turn.started' },
    ],
    say: (text) => [item({ type: 'agent_message', text })],
    tool: (call) => [execute(call)],
    changed: (path) => [
      item({ type: 'file_change', changes: [{ path, kind: 'update' }], status: 'completed' }),
    ],
    // It has no event for this, and does not even report each of these calls: only when it has to wait for it.
    deny: (command) => [
      execute({ command, output: 'bash: line 1: Read-only file system\n', exitCode: 1 }),
    ],
    wait: (detail) => [{ type: 'error', message: `Reconnecting... ${detail}` }],
    error: (message) => [item({ type: 'error', message })],
    end: ({ ok, usage }) =>
      ok
        ? [{ type: 'turn.completed', usage: countTokens(usage) }]
        : [
            { type: 'error', message: 'The turn failed' },
            { type: 'turn.failed', error: { message: 'The turn failed' } },
          ],
  };
}

/** @param {import('../scenario.mjs').SpentTokens} usage */
function countTokens({ input, cached, output }) {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: 0,
    output_tokens: output,
    reasoning_output_tokens: 0,
  };
}
