/**
 * What `diagnostics` and `docs-review` cost beyond the commands in them: whole processes in one repository,
 * in turns with a shell that runs the same commands one after the other. Build first (`npm run build`), then
 * `node tools/measure/src/pipeline-overhead.mjs [rounds] [--peer <entry.js>]`.
 *
 * Each pipeline is measured twice: `same`, where a configuration names its stages as the same five commands
 * for everybody, and `own`, where there is no configuration and each program brings its own pipeline, with its
 * own checks, over the scripts of the repository. `--peer` takes the entry script of another installation that
 * understands the same command line and configuration.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, measureProcesses, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peer: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 12);
const entries = {
  ours: fileURLToPath(new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url)),
  ...(values.peer && { peer: values.peer }),
};

/** Stages as both programs have them, each of them the least that a script of a repository can be. */
const stagesOf = {
  diagnostics: ['delegation-guard', 'build', 'lint', 'test', 'spec-guard'],
  'docs-review': ['delegation-guard', 'spec-guard', 'docs-check', 'docs-freshness', 'review'],
};
// Whatever a pipeline adds to a script is for it, not for Node.
const line = 'node -e 0 --';

const folder = mkdtempSync(join(tmpdir(), 'pipeline-overhead-'));
try {
  const roots = { same: prepare('same', { pipelines: configured() }), own: prepare('own') };
  console.log(`${describeMachine()}, ${rounds} rounds`);
  const costs = measureProcesses(candidates(roots), rounds);
  report(new Map(costs.map((cost) => [cost.name, cost])));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function configured() {
  return Object.entries(stagesOf).map(([id, stages]) => ({
    id,
    title: id,
    guardrailsRequired: false,
    stages: stages.map((stage) => ({ kind: 'command', id: stage, title: stage, command: line })),
  }));
}

function prepare(name, config) {
  const root = join(folder, name);
  mkdirSync(join(root, 'src'), { recursive: true });
  const scripts = ['build', 'lint', 'test', 'docs:check', 'docs:freshness:maintain', 'review'];
  const manifest = {
    name: 'measured',
    version: '1.0.0',
    private: true,
    scripts: Object.fromEntries(scripts.map((script) => [script, line])),
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(root, 'README.md'), '# Measured\n\nSee [the source](src/index.js).\n');
  writeFileSync(join(root, 'src', 'index.js'), 'export const answer = 42;\n');
  writeFileSync(join(root, '.gitignore'), '.runs/\nout/\n');
  if (config) writeFileSync(join(root, 'codex.orchestrator.json'), JSON.stringify(config));
  const author = ['-c', 'user.name=measure', '-c', 'user.email=measure@localhost'];
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: root });
  execFileSync('git', ['add', '--all'], { cwd: root });
  execFileSync('git', [...author, 'commit', '--quiet', '--message', 'start'], { cwd: root });
  return root;
}

function candidates(roots) {
  const env = plainEnvironment({
    CODEX_NON_INTERACTIVE: '1',
    NOTES: 'Goal: g | Summary: s | Risks: r',
  });
  return Object.entries(stagesOf).flatMap(([pipeline, stages]) => [
    {
      name: `commands ${pipeline}`,
      argv: ['/bin/sh', '-c', stages.map(() => line).join(' && ')],
      cwd: roots.same,
      env,
    },
    ...Object.entries(roots).flatMap(([kind, root]) =>
      Object.entries(entries).map(([who, entry]) => ({
        name: `${who} ${kind} ${pipeline}`,
        argv: [process.execPath, entry, ...startOf(who, pipeline)],
        cwd: root,
        env,
        // It insists on an agent that is not there; ours finds nothing that was to be reviewed.
        ...(who === 'peer' && kind === 'own' && pipeline === 'docs-review' && { exitCode: 1 }),
      })),
    ),
  ]);
}

function startOf(who, pipeline) {
  const task = `${who}-${pipeline}`;
  return ['start', pipeline, '--format', 'json', '--no-interactive', '--task', task];
}

function report(costs) {
  for (const { name, wallMs, cpuMs } of costs.values()) {
    console.log(
      `${name.padEnd(24)} wall ${wallMs.toFixed(0).padStart(6)} ms   cpu ${cpuMs.toFixed(0).padStart(6)} ms`,
    );
  }
  if (!entries.peer) return;
  for (const pipeline of Object.keys(stagesOf)) {
    const base = costs.get(`commands ${pipeline}`).wallMs;
    for (const kind of ['same', 'own']) {
      const [ours, peer] = ['ours', 'peer'].map(
        (who) => costs.get(`${who} ${kind} ${pipeline}`).wallMs,
      );
      console.log(
        `${pipeline} ${kind}: overhead ours ${(ours - base).toFixed(0)} ms, peer ${(peer - base).toFixed(0)} ms, ` +
          `ratio ${((ours - base) / (peer - base)).toFixed(2)}; whole process ratio ${(ours / peer).toFixed(2)}`,
      );
    }
  }
}
