import { readFileSync } from 'node:fs';

/**
 * What a scripted agent does, as JSON: `{ "record": "calls.ndjson", "turns": { "1": { "steps": [...] } } }`.
 *
 * @typedef {object} Scenario
 * @property {string} [record] File to which each call appends one line: name, arguments, iteration, role,
 *   pid, folder and prompt.
 * @property {Record<string, ScriptedTurn>} turns By iteration (`"2"`), by iteration and role
 *   (`"2:critic"`), or `"*"` for what has no turn of its own. Without any of them it says hello and ends well.
 *
 * @typedef {object} ScriptedTurn
 * @property {ScriptedStep[]} [steps]
 * @property {'ok' | 'failed' | 'none'} [end] Its terminal event; default `ok`, and `none` for no event.
 * @property {number} [exitCode] Default 0, and 1 after an end that `failed`.
 * @property {number | 'forever'} [lingerMs] How long it stays after that.
 * @property {SpentTokens} [usage] What it claims to have used in all.
 *
 * @typedef {{ input: number, cached: number, output: number, costUsd: number }} SpentTokens
 *
 * @typedef {object} ScriptedStep One of these members, with what belongs to it.
 * @property {Record<string, string>} [write] Content by path, relative to where the agent was started.
 * @property {string} [tamper] Path of a test that is replaced by one that always passes.
 * @property {string} [say] A message.
 * @property {string} [run] Shell command, reported as a call of a tool.
 * @property {string} [deny] Command that it reports as not permitted.
 * @property {string} [wait] Reports that it waits for its service.
 * @property {string} [error] Reports an error and goes on.
 * @property {string} [print] Goes to standard output as it is.
 * @property {string} [warn] Goes to standard error as it is.
 * @property {number} [flood] Bytes to print in lines of 100, or in one with `oneLine`.
 * @property {boolean} [oneLine]
 * @property {number | 'forever'} [sleepMs]
 * @property {string} [commit] Message of a git commit of everything.
 * @property {string} [heartbeat] File that a process started for it counts up in, until its folder is gone.
 * @property {boolean} [setsid] Puts that process in a session of its own.
 * @property {boolean} [holdsOutput] Lets that process keep the outputs of the agent open.
 * @property {NodeJS.Signals} [signal] Sent by the agent to itself.
 */

/**
 * @param {string | undefined} path
 * @returns {Scenario}
 */
export function readScenario(path) {
  return path === undefined ? { turns: {} } : JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * @param {Scenario} scenario
 * @param {number} iteration
 * @param {string} role
 * @returns {ScriptedTurn}
 */
export function turnOf({ turns }, iteration, role) {
  const hello = { steps: [{ say: 'Hello, there was nothing to do.' }] };
  return turns[`${iteration}:${role}`] ?? turns[String(iteration)] ?? turns['*'] ?? hello;
}
