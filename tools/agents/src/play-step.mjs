import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { emptiedTest } from './broken-program.mjs';

const forever = 2 ** 30;
const pollMs = 5;
const floodBytes = 64 * 1024;

/**
 * Does one step of a scenario and prints what the agent says of it.
 *
 * @param {import('./scenario.mjs').ScriptedStep} step
 * @param {import('./voice.mjs').Voice} voice
 */
export async function playStep(step, voice) {
  for (const [path, content] of Object.entries(step.write ?? {})) write(path, content, voice);
  if (step.tamper !== undefined) write(step.tamper, emptiedTest, voice);
  if (step.run !== undefined) printEvents(voice.tool(runInShell(step.run)));
  if (step.commit !== undefined) commitAll(step.commit);
  if (step.say !== undefined) printEvents(voice.say(step.say));
  if (step.deny !== undefined) printEvents(voice.deny(step.deny));
  if (step.wait !== undefined) printEvents(voice.wait(step.wait));
  if (step.error !== undefined) printEvents(voice.error(step.error));
  if (step.print !== undefined) print(1, step.print);
  if (step.warn !== undefined) print(2, step.warn);
  if (step.flood !== undefined) flood(step.flood, step.oneLine === true);
  if (step.heartbeat !== undefined) await startHeartbeat(step.heartbeat, step);
  if (step.sleepMs !== undefined) await rest(step.sleepMs);
  if (step.signal !== undefined) process.kill(process.pid, step.signal);
}

/** @param {import('./voice.mjs').Events} events */
export function printEvents(events) {
  for (const event of events) print(1, `${JSON.stringify(event)}\n`);
}

/** @param {number | 'forever'} ms */
export async function rest(ms) {
  await pause(ms === 'forever' ? forever : ms);
}

/**
 * @param {string} path
 * @param {string} content
 * @param {import('./voice.mjs').Voice} voice
 */
function write(path, content, voice) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  printEvents(voice.changed(path));
}

/** @param {string} command */
function runInShell(command) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  return { command, output: `${stdout}${stderr}`, exitCode: status ?? 1 };
}

/** @param {string} message */
function commitAll(message) {
  const author = ['-c', 'user.name=Agent', '-c', 'user.email=agent@example.invalid'];
  execFileSync('git', ['add', '--all']);
  execFileSync('git', [...author, 'commit', '--quiet', '--no-verify', '--message', message]);
}

/**
 * @param {number} bytes
 * @param {boolean} isOneLine
 */
function flood(bytes, isOneLine) {
  const line = isOneLine ? 'x'.repeat(100) : `${'x'.repeat(99)}\n`;
  const piece = Buffer.from(line.repeat(Math.ceil(floodBytes / line.length)));
  for (let left = bytes; left > 0; left -= piece.length) {
    print(1, piece.subarray(0, Math.min(left, piece.length)));
  }
  if (isOneLine) print(1, '\n');
}

/**
 * Returns when the process is at work.
 *
 * @param {string} path
 * @param {import('./scenario.mjs').ScriptedStep} how
 */
async function startHeartbeat(path, { setsid = false, holdsOutput = false }) {
  const program = fileURLToPath(new URL('heartbeat.mjs', import.meta.url));
  spawn(process.execPath, [program, path], {
    detached: setsid,
    stdio: holdsOutput ? ['ignore', 'inherit', 'inherit'] : 'ignore',
  }).unref();
  while (!existsSync(path)) await pause(pollMs);
}

/**
 * At once, and whole: what comes next may be the end of the process.
 *
 * @param {number} stream
 * @param {string | Uint8Array} content
 */
function print(stream, content) {
  const bytes = Buffer.from(content);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(stream, bytes, done);
    } catch (error) {
      // A pipe that does not block and is full: try again.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
