import { readIteration, readRole } from './answers.mjs';
import { tokensPerAnswer } from './usage.mjs';

/** The Messages API of Anthropic, as far as agents use it. */
export const messagesProtocol = {
  path: '/v1/messages',
  readConversation,
  createEvents,
  createError,
};

/**
 * @param {any} body
 * @returns {import('./answers.mjs').Conversation}
 */
function readConversation({ messages = [], tools = [] }) {
  const blocks = messages
    .filter((/** @type {any} */ { role }) => role === 'user')
    .flatMap((/** @type {any} */ { content }) =>
      typeof content === 'string' ? [{ type: 'text', text: content }] : content,
    );
  const prompt = blocks.map((/** @type {any} */ { text }) => text ?? '').join('\n');
  return {
    prompt,
    iteration: readIteration(prompt),
    role: readRole(prompt),
    toolResults: blocks.filter((/** @type {any} */ { type }) => type === 'tool_result').length,
    canRun: tools.some((/** @type {any} */ { name }) => name === 'Bash'),
  };
}

/**
 * @param {import('./answers.mjs').Step} step
 * @param {import('./answers.mjs').Conversation} conversation
 * @param {any} body
 * @returns {import('./server-sent-events.mjs').ServerEvent[]}
 */
function createEvents(step, conversation, { model = 'stub-model' }) {
  const id = `${conversation.iteration}_${conversation.toolResults}`;
  const message = {
    ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [] },
    ...{ stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  };
  const { block, delta, reason } =
    'say' in step ? describeText(step.say) : describeCall(step.run, id);
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
}

/**
 * @param {string} type
 * @param {string} message
 */
function createError(type, message) {
  return { type: 'error', error: { type, message } };
}

const usage = {
  // Other than in the Responses API, what was cached is not part of the input.
  input_tokens: tokensPerAnswer.input - tokensPerAnswer.cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: tokensPerAnswer.cached,
  output_tokens: tokensPerAnswer.output,
};

/** @param {string} text */
function describeText(text) {
  return {
    block: { type: 'text', text: '' },
    delta: { type: 'text_delta', text },
    reason: 'end_turn',
  };
}

/**
 * @param {string} command
 * @param {string} id
 */
function describeCall(command, id) {
  const input = JSON.stringify({ command, description: 'Works on the program' });
  return {
    block: { type: 'tool_use', id: `toolu_${id}`, name: 'Bash', input: {} },
    delta: { type: 'input_json_delta', partial_json: input },
    reason: 'tool_use',
  };
}
