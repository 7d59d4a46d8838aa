/** @returns {import('../voice.mjs').Voice} */
export function geminiVoice() {
  let calls = 0;
  const call = (/** @type {string} */ name, /** @type {object} */ parameters) => {
    const tool_id = `${name}-${calls++}`;
    return { tool_id, event: { type: 'tool_use', tool_name: name, tool_id, parameters } };
  };
  return {
    begin: () => [
      { type: 'init', session_id: '00000000-0000-4000-8000-000000000003', model: 'stub-model' },
    ],
    say: (text) => [{ type: 'message', role: 'assistant', content: text, delta: true }],
    tool({ command, output, exitCode }) {
      const { tool_id, event } = call('run_shell_command', { command });
      const status = exitCode === 0 ? 'success' : 'error';
      return [event, { type: 'tool_result', tool_id, status, output }];
    },
    changed(path) {
      const { tool_id, event } = call('write_file', { file_path: path });
      return [event, { type: 'tool_result', tool_id, status: 'success', output: '' }];
    },
    deny(command) {
      const { tool_id, event } = call('run_shell_command', { command });
      const error = { type: 'policy_violation', message: 'Tool execution denied by policy.' };
      return [event, { type: 'tool_result', tool_id, status: 'error', error }];
    },
    wait: (detail) => [{ type: 'error', severity: 'warning', message: `Retrying: ${detail}` }],
    error: (message) => [{ type: 'error', severity: 'error', message }],
    end: ({ ok, usage: { input, cached, output } }) => [
      {
        type: 'result',
        status: ok ? 'success' : 'error',
        ...(ok ? {} : { error: { type: 'Error', message: 'The turn failed' } }),
        stats: {
          ...{ total_tokens: input + output, input_tokens: input, output_tokens: output },
          ...{ cached, input: input - cached, duration_ms: 1, tool_calls: calls },
        },
      },
    ],
  };
}
