import { claudeVoice, qwenVoice } from './voices/claude.mjs';
import { codexVoice } from './voices/codex.mjs';
import { geminiVoice } from './voices/gemini.mjs';
import { opencodeVoice } from './voices/opencode.mjs';

/**
 * @typedef {{ command: string, output: string, exitCode: number }} ToolCall
 * @typedef {readonly object[]} Events
 *
 * @typedef {object} Voice How one agent says things: each as the events that it prints, in order.
 * @property {() => Events} begin
 * @property {(text: string) => Events} say
 * @property {(call: ToolCall) => Events} tool
 * @property {(path: string) => Events} changed
 * @property {(command: string) => Events} deny
 * @property {(detail: string) => Events} wait
 * @property {(message: string) => Events} error
 * @property {(how: { ok: boolean, usage: import('./scenario.mjs').SpentTokens }) => Events} end
 */

/** @type {Readonly<Record<string, () => Voice>>} */
const voices = {
  codex: codexVoice,
  claude: claudeVoice,
  gemini: geminiVoice,
  qwen: qwenVoice,
  opencode: opencodeVoice,
};

/** The agents that can be played. */
export const fakeAgentNames = Object.freeze(Object.keys(voices));

/**
 * @param {string} name One of `fakeAgentNames`.
 * @returns {Voice}
 */
export function voiceOf(name) {
  return voices[name]();
}
