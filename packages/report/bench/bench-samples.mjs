import { readFileSync } from 'node:fs';

/**
 * So many runs of one pipeline before a change, and as many after it.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {number} runs
 */
export async function samplesOf({ load, data }, runs) {
  const { sampleOfEntry } = await load('@codex-orchestrator/report');
  const { path } = await data.history({ lines: 2 * runs });
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const samples = lines.map((line, at) => {
    // No run may be on both sides, and none be a further attempt of another.
    const entry = { ...JSON.parse(line), run_id: `run-${at}`, pipeline_id: 'checks', attempt: 1 };
    return sampleOfEntry(entry);
  });
  return { before: samples.slice(0, runs), after: samples.slice(runs) };
}
