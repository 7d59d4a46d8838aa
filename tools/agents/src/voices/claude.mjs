const session_id = '00000000-0000-4000-8000-000000000002';

/** @returns {import('../voice.mjs').Voice} */
export function claudeVoice() {
  return createVoice(({ input, cached }) => input - cached);
}

/**
 * Qwen prints the same events, and counts what was cached as a part of the input.
 *
 * @returns {import('../voice.mjs').Voice}
 */
export function qwenVoice() {
  return createVoice(({ input }) => input);
}

/**
 * @param {(spent: import('../scenario.mjs').SpentTokens) => number} countInput
 * @returns {import('../voice.mjs').Voice}
 */
function createVoice(countInput) {
  let turns = 0;
  let result = '';
  /** @type {object[]} */
  const denials = [];
  const assistant = (/** @type {object} */ block) => ({
    type: 'assistant',
    message: { id: `msg_${turns++}`, role: 'assistant', content: [block], usage: noTokens },
    session_id,
  });
  const call = (/** @type {string} */ name, /** @type {object} */ input) => {
    const id = `toolu_${turns}`;
    return { id, event: assistant({ type: 'tool_use', id, name, input }) };
  };
  const answer = (/** @type {string} */ id, /** @type {string} */ text, isError = false) => ({
    type: 'user',
    message: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: text, is_error: isError }],
    },
    session_id,
  });
  return {
    begin: () => [{ type: 'system', subtype: 'init', session_id, model: 'stub-model', tools: [] }],
    say(text) {
      result = text;
      return [assistant({ type: 'text', text })];
    },
    tool({ command, output, exitCode }) {
      const { id, event } = call('Bash', { command });
      return [event, answer(id, output, exitCode !== 0)];
    },
    changed(path) {
      const { id, event } = call('Write', { file_path: path });
      return [event, answer(id, 'The file has been updated')];
    },
    deny(command) {
      const { id, event } = call('Bash', { command });
      denials.push({ tool_name: 'Bash', tool_use_id: id, tool_input: { command } });
      return [event, answer(id, 'Claude requested permissions, but you have not granted it', true)];
    },
    wait: (detail) => [
      {
        type: 'system',
        subtype: 'api_retry',
        attempt: 1,
        max_retries: 10,
        error: detail,
        session_id,
      },
    ],
    error: (message) => [{ type: 'system', subtype: 'error', message, session_id }],
    // With an error, too, the subtype is `success`.
    end: ({ ok, usage }) => [
      {
        ...{ type: 'result', subtype: 'success', is_error: !ok, num_turns: turns, session_id },
        result: ok ? result : 'API Error: 500 The turn failed',
        usage: countTokens(usage, countInput(usage)),
        total_cost_usd: usage.costUsd,
        permission_denials: denials,
      },
    ],
  };
}

const noTokens = { input_tokens: 0, output_tokens: 0 };

/**
 * @param {import('../scenario.mjs').SpentTokens} usage
 * @param {number} input_tokens
 */
function countTokens({ cached, output }, input_tokens) {
  return {
    input_tokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  };
}
