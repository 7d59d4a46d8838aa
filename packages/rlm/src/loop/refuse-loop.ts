import { noUsage } from '../decide/add-usage.js';
import { verdictOf } from '../decide/verdict-of.js';
import type { SettingsProblem } from '../settings/settings-problem.js';
import { createLoopFiles } from './loop-files.js';
import type { LoopOutcome, LoopPorts } from './loop-ports.js';
import { writeOwnJson } from './own-place.js';
import { describeRefusal } from './state.js';

/** Ends a loop that cannot begin: its state says so as that of any other loop. */
export async function refuseLoop(
  problem: SettingsProblem,
  ports: Pick<LoopPorts, 'fs' | 'loopDir' | 'random' | 'tell'>,
): Promise<LoopOutcome> {
  const { status, message, hint, candidates = [] } = problem;
  const verdict = verdictOf(status, hint === null ? `${message}.` : `${message}. ${hint}.`);
  const { loopDir, statePath } = createLoopFiles(ports.loopDir);
  ports.fs.mkdir(loopDir, { recursive: true });
  const state = await writeOwnJson(statePath, describeRefusal(verdict), ports);
  ports.tell(`${status}: ${verdict.reason}`);
  for (const { command, reason } of candidates) ports.tell(`  ${command} (${reason})`);
  return {
    verdict,
    agent: null,
    iterations: [],
    best: null,
    usage: noUsage,
    findings: 0,
    branch: null,
    notes: candidates.map(({ command, reason }) => `Candidate: ${command} (${reason}).`),
    files: [state],
  };
}
