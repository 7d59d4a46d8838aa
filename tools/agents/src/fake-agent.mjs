/**
 * A scripted agent: prints the events of the agent that it is called as, and does what the scenario
 * named by FAKE_AGENT_SCENARIO says. `node fake-agent.mjs <name> [arguments of that agent]`.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';

import { readIteration, readRole } from './answers.mjs';
import { playStep, printEvents, rest } from './play-step.mjs';
import { readScenario, turnOf } from './scenario.mjs';
import { voiceOf } from './voice.mjs';

const maxLifeMs = 5 * 60_000;
const usualUsage = Object.freeze({ input: 1000, cached: 200, output: 50, costUsd: 0.01 });

const [name = 'codex', ...args] = process.argv.slice(2);
if (args.includes('--version')) {
  console.log(`${name} 0.0.0-fake`);
} else {
  // Nothing of a test outlives it for long, whatever became of the one who started this.
  setTimeout(() => process.exit(99), maxLifeMs).unref();
  process.exit(await play());
}

async function play() {
  const prompt = readPrompt();
  const iteration = readIteration(prompt);
  const role = readRole(prompt);
  const scenario = readScenario(process.env.FAKE_AGENT_SCENARIO);
  if (scenario.record !== undefined) {
    const call = { name, args, iteration, role, pid: process.pid, cwd: process.cwd(), prompt };
    appendFileSync(scenario.record, `${JSON.stringify(call)}\n`);
  }
  const turn = turnOf(scenario, iteration, role);
  const { end = 'ok', usage = usualUsage } = turn;
  const voice = voiceOf(name);
  printEvents(voice.begin());
  for (const step of turn.steps ?? []) await playStep(step, voice);
  if (end !== 'none') printEvents(voice.end({ ok: end === 'ok', usage }));
  if (turn.lingerMs !== undefined) await rest(turn.lingerMs);
  return turn.exitCode ?? (end === 'failed' ? 1 : 0);
}

/** From the arguments, from a file that they name, or from standard input. */
function readPrompt() {
  const given = args.find((argument) => /ITERATION:/.test(argument));
  if (given !== undefined) return given;
  const file = args.find((argument) => isAbsolute(argument) && existsSync(argument));
  const text = file === undefined ? '' : readText(file);
  return /ITERATION:/.test(text) ? text : readText(0);
}

/** @param {string | number} source */
function readText(source) {
  try {
    return readFileSync(source, 'utf8');
  } catch {
    // A folder, or a standard input that is closed.
    return '';
  }
}
