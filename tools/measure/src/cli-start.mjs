/**
 * What starting the command line costs beyond starting Node: CPU time of whole processes with all
 * their descendants, and wall time. Build first (`npm run build`), then
 * `node tools/measure/src/cli-start.mjs [rounds] [--peer <entry.js>]`.
 *
 * `--peer` takes the entry script of another installation that understands the same command line and
 * configuration, and measures it beside ours.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, measureProcesses, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peer: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 40);
const entries = {
  ours: fileURLToPath(new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url)),
  ...(values.peer && { peer: values.peer }),
};
const calls = {
  '--version': ['--version'],
  '--help': ['--help'],
  plan: ['plan', '--format', 'json'],
  'start, 1 stage': ['start', '--task', 'measure', '--format', 'json', '--no-interactive'],
};
/** Milliseconds of CPU beyond `node -e 0` on Node 20 that a call may take. */
const bars = { '--version': 8, 'start, 1 stage': 60 };

const folder = mkdtempSync(join(tmpdir(), 'cli-start-'));
try {
  writeFileSync(join(folder, 'codex.orchestrator.json'), JSON.stringify(oneStage()));
  console.log(`${describeMachine()}, ${rounds} rounds`);
  report(measureProcesses(candidates(), rounds));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function oneStage() {
  const stage = { kind: 'command', id: 'only', title: 'Only', command: 'true' };
  return {
    pipelines: [
      { id: 'diagnostics', title: 'One stage', guardrailsRequired: false, stages: [stage] },
    ],
  };
}

function candidates() {
  const place = { cwd: folder, env: plainEnvironment() };
  const programs = Object.entries(entries).flatMap(([owner, entry]) =>
    Object.entries(calls).map(([call, argv]) => ({
      name: `${owner} ${call}`,
      argv: [process.execPath, entry, ...argv],
      ...place,
    })),
  );
  return [{ name: 'node -e 0', argv: [process.execPath, '-e', '0'], ...place }, ...programs];
}

/** @param {import('./process-cost.mjs').Cost[]} costs */
function report(costs) {
  const floor = costs[0].cpuMs;
  for (const { name, wallMs, cpuMs } of costs) {
    const beyond = cpuMs - floor;
    const bar = name.startsWith('ours ') ? bars[name.slice('ours '.length)] : undefined;
    console.log(
      [
        name.padEnd(22),
        `${cpuMs.toFixed(1).padStart(7)} ms CPU`,
        `${beyond >= 0 ? '+' : ''}${beyond.toFixed(1)}`.padStart(8),
        `${wallMs.toFixed(1).padStart(7)} ms wall`,
        bar === undefined ? '' : `  bar +${bar}`,
      ].join('  '),
    );
  }
}
