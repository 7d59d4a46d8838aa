import { readIteration, readRole } from './answers.mjs';
import { tokensPerAnswer } from './usage.mjs';

/** The Responses API of OpenAI, as far as agents use it. */
export const responsesProtocol = {
  path: '/v1/responses',
  readConversation,
  createEvents,
  createError,
};

/**
 * @param {any} body
 * @returns {import('./answers.mjs').Conversation}
 */
function readConversation({ input = [], tools = [] }) {
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const prompt = items
    .filter((/** @type {any} */ { role }) => role === 'user')
    .map((/** @type {any} */ { content }) => textOf(content))
    .join('\n');
  return {
    prompt,
    iteration: readIteration(prompt),
    role: readRole(prompt),
    toolResults: items.filter((/** @type {any} */ { type }) => /_output$/.test(type)).length,
    canRun: tools.length > 0,
  };
}

/**
 * @param {import('./answers.mjs').Step} step
 * @param {import('./answers.mjs').Conversation} conversation
 * @param {any} body
 * @returns {import('./server-sent-events.mjs').ServerEvent[]}
 */
function createEvents(step, conversation, { tools = [] }) {
  const id = `resp_${conversation.iteration}_${conversation.toolResults}`;
  const item = 'say' in step ? createMessage(step.say, id) : createCall(step.run, id, tools);
  const text = 'say' in step ? [{ ...outputText, delta: step.say }] : [];
  return [
    { type: 'response.created', response: { id } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, ...unfilled(item) } },
    ...text.map((event) => ({ ...event, item_id: item.id })),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id, usage } },
  ];
}

/**
 * @param {string} type
 * @param {string} message
 */
function createError(type, message) {
  return { error: { type, message } };
}

const outputText = { type: 'response.output_text.delta', output_index: 0, content_index: 0 };

const usage = {
  input_tokens: tokensPerAnswer.input,
  input_tokens_details: { cached_tokens: tokensPerAnswer.cached },
  output_tokens: tokensPerAnswer.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: tokensPerAnswer.input + tokensPerAnswer.output,
};

/**
 * @param {string} text
 * @param {string} id
 */
function createMessage(text, id) {
  return {
    type: 'message',
    role: 'assistant',
    id: `msg_${id}`,
    content: [{ type: 'output_text', text }],
  };
}

/**
 * @param {string} command
 * @param {string} id
 * @param {readonly { name?: string }[]} tools
 */
function createCall(command, id, tools) {
  const common = { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}` };
  const offers = (/** @type {string} */ wanted) => tools.some(({ name }) => name === wanted);
  if (offers('exec_command')) {
    return { ...common, name: 'exec_command', arguments: JSON.stringify({ cmd: command }) };
  }
  // Older versions of codex, and models that it knows to want this one.
  if (offers('shell_command')) {
    return { ...common, name: 'shell_command', arguments: JSON.stringify({ command }) };
  }
  const argv = ['bash', '-c', command];
  return { ...common, name: 'shell', arguments: JSON.stringify({ command: argv }) };
}

/** @param {{ type: string }} item */
function unfilled({ type }) {
  return type === 'message' ? { content: [] } : { arguments: '' };
}

/**
 * @param {unknown} content
 * @returns {string}
 */
function textOf(content) {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(({ text }) => text ?? '').join('\n');
}
