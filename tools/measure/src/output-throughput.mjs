/**
 * How fast output passes through a run: redaction, log with its digest, journal. Whole processes, in
 * turns with a Node process that reads the same output and drops it. Build first (`npm run build`),
 * then `node tools/measure/src/output-throughput.mjs [rounds] [--megabytes 512] [--base <entry.js>]`.
 *
 * `--base` takes the entry script of another build of this program and measures it beside this one.
 */
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, measureProcesses, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string', default: '512' }, base: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 5);
const bytes = Number(values.megabytes) * 1e6;
const entries = {
  ours: fileURLToPath(new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url)),
  ...(values.base && { base: values.base }),
};

/** The least that a Node process has to do to take the output of a command. */
const drainProgram = `
const { spawn } = require('node:child_process');
spawn('cat output.txt', { shell: true, stdio: ['ignore', 'pipe', 'pipe'] }).stdout.resume();
`;

const folder = mkdtempSync(join(tmpdir(), 'output-throughput-'));
try {
  await prepare();
  console.log(`${describeMachine()}, ${rounds} rounds of ${values.megabytes} MB`);
  report(new Map(measureProcesses(candidates(), rounds).map((cost) => [cost.name, cost])));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function prepare() {
  const pipelines = [
    { id: 'nothing', title: 'nothing', stages: [command('true')] },
    { id: 'output', title: 'output', stages: [command('cat output.txt')] },
  ];
  writeFileSync(join(folder, 'codex.orchestrator.json'), JSON.stringify({ pipelines }));
  writeFileSync(join(folder, 'drain.cjs'), drainProgram);
  await pipeline(logText, createWriteStream(join(folder, 'output.txt')));
}

function command(line) {
  return { kind: 'command', id: 'stage', title: 'stage', command: line };
}

/** Lines as build tools and test runners print them. */
function* logText() {
  const lines = Array.from(
    { length: 2000 },
    (_, at) =>
      `2026-01-06T06:53:${String(at % 60).padStart(2, '0')}.814Z [worker ${at % 7}] compiled packages/part-${at}/src/index.ts in ${at % 311} ms (${at * 37} bytes, cache ${at % 3 ? 'hit' : 'miss'})`,
  );
  const block = Buffer.from(`${lines.join('\n')}\n`);
  for (let written = 0; written < bytes; written += block.length) yield block;
}

function candidates() {
  const env = plainEnvironment({
    CODEX_NON_INTERACTIVE: '1',
    // Secrets that do not occur in the output: the ordinary case.
    DEPLOY_TOKEN: 'c4ca4238a0b923820dcc509a6f75849b',
    DATABASE_PASSWORD: 'correct horse battery staple',
    SIGNING_SECRET: 'eccbc87e4b5ce2fe28308fd9f2a7baf3',
  });
  const common = { cwd: folder, env };
  return [
    { ...common, name: 'drain', argv: [process.execPath, 'drain.cjs'] },
    ...Object.entries(entries).flatMap(([who, entry]) =>
      ['nothing', 'output'].map((pipelineId) => ({
        ...common,
        name: `${who} ${pipelineId}`,
        argv: [process.execPath, entry, 'start', pipelineId, '--format', 'json', '--task', who],
      })),
    ),
  ];
}

function report(costs) {
  for (const { name, wallMs, cpuMs } of costs.values()) {
    const [wall, cpu] = [wallMs, cpuMs].map((ms) => ms.toFixed(0).padStart(6));
    console.log(`${name.padEnd(13)} wall ${wall} ms   cpu ${cpu} ms`);
  }
  for (const who of Object.keys(entries)) {
    const cpuMs = costs.get(`${who} output`).cpuMs - costs.get(`${who} nothing`).cpuMs;
    const beyondPipeMs = cpuMs - costs.get('drain').cpuMs;
    const perSecond = (ms) => (bytes / 1e6 / (ms / 1000)).toFixed(0);
    console.log(
      `${who}: ${perSecond(cpuMs)} MB of output per CPU second, ${perSecond(beyondPipeMs)} without the command and its pipe`,
    );
  }
}
