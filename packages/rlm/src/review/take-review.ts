import { join } from 'node:path';

import type { Result } from '@codex-orchestrator/core';

import type { AgentSettings } from '../agent/agent.js';
import { clipStart } from '../agent/clip-text.js';
import { findAgents } from '../agent/find-agents.js';
import { runTurn } from '../agent/run-turn.js';
import type { Turn } from '../agent/turn.js';
import { noUsage } from '../decide/add-usage.js';
import { writeOwnFile } from '../loop/own-place.js';
import type { EvidenceFile } from '../loop/own-place.js';
import type { WorldPorts } from '../loop/ports.js';
import { resolvePorts } from '../loop/resolve-ports.js';
import { StraySweeper } from '../loop/stray-sweeper.js';
import { readAgent } from '../settings/read-agent.js';
import type { SettingsProblem } from '../settings/settings-problem.js';
import { readReview } from './read-review.js';
import type { ConfiguredReviewer, ReviewRequest, TakenReview } from './review.js';

/** What a caller leaves out is the system's own; secrets stay in what is kept then. */
export type ReviewPorts = Partial<WorldPorts>;

/** By this variable a process is known as one of a review; that of a loop around it stays. */
const reviewVariable = 'CODEX_ORCHESTRATOR_REVIEW_DIR';

/** Fifty findings do not fit into what is kept of other turns. */
const maxAnswerBytes = 64 * 1024;
const maxMessageBytes = 16 * 1024;

/**
 * Has an agent review something in one turn in which it is asked to change nothing. It counts as reviewed
 * only where the turn came to its terminal event and its last message has exactly one block of JSON of
 * this form, in which an empty list says that nothing was found:
 *
 * `{ "version": 1, "verdict": "approve" | "request_changes", "findings": [{ "severity": "low" | "medium" |
 * "high" | "critical", "file": "src/a.ts", "line": 12, "title": "…", "message": "…", "fix": "…" }] }`
 *
 * Of a program that prints no events a block that stands in the prompt as well is no answer. Not every agent can be kept from writing: whoever
 * needs to know has to look at the files. When this ends, whichever way, nothing that the agent has started
 * runs any more. It rejects only where its own files cannot be written.
 *
 * @throws CoreError `ATOMIC_WRITE_FAILED`, and the errno errors of making a folder
 */
export async function takeReview(
  request: ReviewRequest,
  ports: ReviewPorts = {},
): Promise<TakenReview> {
  const { root, folder, prompt } = request;
  const world = resolvePorts({ ...ports, root, loopDir: folder });
  const agent = chooseReviewer(request.reviewer ?? {}, world);
  if (!agent.ok) return withoutAgent(agent.error);
  const { name } = agent.value;
  const files: EvidenceFile[] = [];
  const strays = new StraySweeper(folder, world.clock, reviewVariable);
  let turn: Turn;
  try {
    turn = await takeTurn(agent.value, request, { world, files });
  } finally {
    await strays.sweep();
  }
  const { message, outcome, usage } = turn;
  if (message !== null) files.push(await writeAnswer(message, { ...world, loopDir: folder }));
  const not = (reason: string): TakenReview => {
    return { kind: 'not-reviewed', agent: name, reason, usage, files };
  };
  if (outcome !== 'completed') return not(describeEnd(turn));
  if (message === null) return not(`${unfit}: it said nothing`);
  const review = readReview(message, { root, ...echoOf(agent.value, world.redact(prompt)) });
  if (!review.ok) return not(`${unfit}: ${review.error}`);
  const end = clipStart(message, maxMessageBytes);
  return { kind: 'reviewed', agent: name, ...review.value, message: end, usage, files };
}

const unfit = 'the reviewer gave no findings in the form asked for';

/** What the settings say of the agent is said of one reviewer; variables mean whoever works as well. */
function chooseReviewer(
  config: ConfiguredReviewer,
  { environment, fs }: Pick<WorldPorts, 'environment' | 'fs'>,
): Result<AgentSettings, SettingsProblem> {
  const isNamed = config.agent !== undefined || config.agentTemplate !== undefined;
  return readAgent(
    { flags: {}, environment: isNamed ? {} : environment, config },
    findAgents(environment, fs),
  );
}

function takeTurn(
  agent: AgentSettings,
  { root, folder, prompt, ...limits }: ReviewRequest,
  { world, files }: { readonly world: WorldPorts; readonly files: EvidenceFile[] },
): Promise<Turn> {
  const place = (name: string): string => join(folder, name);
  const own = {
    prompt: place('prompt.md'),
    log: place('agent.log'),
    events: place('events.ndjson'),
  };
  const environment = { ...world.environment, [reviewVariable]: folder };
  return runTurn(
    agent,
    { role: 'critic', cwd: root, prompt, promptPath: own.prompt, readOnly: true },
    {
      ...world,
      environment,
      loopDir: folder,
      files: own,
      limits: {
        turnTimeoutMs: limits.timeoutMs ?? 900_000,
        silenceTimeoutMs: limits.silenceTimeoutMs ?? 600_000,
        maxOutputBytes: limits.maxOutputBytes ?? 64 * 1024 * 1024,
      },
      maxMessageBytes: maxAnswerBytes,
      onFile: (file) => files.push(file),
    },
  );
}

/** A program may print its prompt, in which text of the repository stands, and end well. */
function echoOf({ name, speaks }: AgentSettings, prompt: string): { readonly echo?: string } {
  return name === 'command' && speaks === undefined ? { echo: prompt } : {};
}

function writeAnswer(
  message: string,
  ports: Pick<WorldPorts, 'fs' | 'random'> & { readonly loopDir: string },
): Promise<EvidenceFile> {
  return writeOwnFile(join(ports.loopDir, 'answer.md'), `${message}\n`, ports);
}

function withoutAgent({ message, hint }: SettingsProblem): TakenReview {
  const reason = hint === null ? message : `${message}. ${hint}`;
  return { kind: 'not-reviewed', agent: null, reason, usage: noUsage, files: [] };
}

function describeEnd({ outcome, reason }: Turn): string {
  const words = reason?.replace(/\.$/, '');
  return `the review came to no end, it ended as ${outcome}${words ? `: ${words}` : ''}`;
}
