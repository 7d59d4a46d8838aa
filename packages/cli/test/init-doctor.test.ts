import { chmod, mkdir } from 'node:fs/promises';
import { delimiter } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';

test('init writes a configuration of the scripts that are there, as it would be without one', async () => {
  await using rig = await createRig();
  const scripts = { build: 'true', test: 'node test.js', 'type-check': 'tsc', deploy: 'rm -rf /' };
  await rig.write({ 'package.json': { scripts }, '.git/HEAD': '', 'src/x.ts': '' });
  const result = await call(['init', '--pipelines=diagnostics'], { cwd: rig.path('src') });
  expect(result).toMatchObject({
    exitCode: 0,
    stderr: 'codex-orchestrator: no lint command found\n',
  });
  expect(await rig.readJson('codex.orchestrator.json')).toMatchInlineSnapshot(`
    {
      "defaultPipeline": "diagnostics",
      "pipelines": [
        {
          "description": "Builds and checks the repository. Commands found: build from package.json scripts.build, typecheck from package.json scripts.type-check, test from package.json scripts.test.",
          "guardrailsRequired": true,
          "id": "diagnostics",
          "stages": [
            {
              "gate": "delegation-guard",
              "id": "delegation-guard",
              "kind": "gate",
              "needs": [],
              "title": "Delegation guard",
            },
            {
              "command": "npm run build",
              "id": "build",
              "kind": "command",
              "needs": [],
              "title": "Build",
            },
            {
              "command": "npm run type-check",
              "id": "typecheck",
              "kind": "command",
              "needs": [],
              "title": "Typecheck",
            },
            {
              "command": "npm run test",
              "id": "test",
              "kind": "command",
              "needs": [
                "build",
              ],
              "title": "Test",
            },
            {
              "gate": "spec-guard",
              "id": "spec-guard",
              "kind": "gate",
              "needs": [],
              "title": "Spec guard",
            },
          ],
          "tags": [
            "diagnostics-primary",
            "diagnostics-secondary",
          ],
          "title": "Diagnostics",
        },
      ],
    }
  `);
  expect((await call(['plan'], { cwd: rig.path('src') })).exitCode).toBe(0);
});

test.each([
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
])('with %s the scripts are run by %s', async (lockFile, manager) => {
  await using rig = await createRig();
  await rig.write({ 'package.json': { scripts: { lint: 'x' } }, [lockFile]: '' });
  const { stages } = onlyJson(await call(['init', '--format=json'], { cwd: rig.root }));
  expect(stages).toContainEqual(
    expect.objectContaining({ id: 'lint', command: `${manager} run lint` }),
  );
});

test('without scripts, what init writes still runs', async () => {
  await using rig = await createRig();
  const placeholder = 'echo "Error: no test specified" && exit 1';
  await rig.write({ 'package.json': { scripts: { test: placeholder } } });
  expect((await call(['init'], { cwd: rig.root })).exitCode).toBe(0);
  expect((await call(['start', '--task=t'], { cwd: rig.root })).exitCode).toBe(0);
});

test('init writes the pipelines that are named, the first one as the default', async () => {
  await using rig = await createRig();
  const argv = ['init', '--pipelines=docs-review, rlm,rlm', '--format=json'];
  expect(onlyJson(await call(argv, { cwd: rig.root }))).toMatchObject({ status: 'ok' });
  const config = (await rig.readJson('codex.orchestrator.json')) as Record<string, unknown>;
  expect(config).toMatchObject({
    defaultPipeline: 'docs-review',
    pipelines: [{ id: 'docs-review' }, { id: 'rlm' }],
  });
  expect(config).not.toHaveProperty('gates');
  for (const wrong of ['', 'rml', 'rlm,,']) {
    const refused = await call(['init', `--pipelines=${wrong}`, '--force', '--format=json'], {
      cwd: rig.root,
    });
    expect(onlyJson(refused)).toMatchObject({ error: { code: 'USAGE' }, exit_code: 2 });
  }
});

test('init overwrites only with --force', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': 'mine' });
  const refused = await call(['init', '--format=json'], { cwd: rig.root });
  expect(onlyJson(refused)).toMatchObject({ error: { code: 'CONFIG_EXISTS' }, exit_code: 2 });
  expect(await rig.read('codex.orchestrator.json')).toBe('mine');
  expect((await call(['init', '--force'], { cwd: rig.root })).exitCode).toBe(0);
  expect(await rig.readJson('codex.orchestrator.json')).toHaveProperty('pipelines');
});

test('a package.json that is no JSON is refused by name', async () => {
  await using rig = await createRig();
  await rig.write({ 'package.json': '{' });
  const result = await call(['init', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'INVALID_PACKAGE_JSON' }, exit_code: 2 });
});

interface Found {
  readonly id: string;
  readonly status: string;
  readonly message: string;
}

async function checksOf(cwd: string, env: Record<string, string> = {}): Promise<Found[]> {
  const { checks } = onlyJson(await call(['doctor', '--format=json'], { cwd, env }));
  return checks as Found[];
}

async function statusOf(cwd: string, env?: Record<string, string>): Promise<object> {
  const rows = await checksOf(cwd, env);
  return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
}

/** A folder of agents that know their version, and a PATH on which there are no others. */
async function installAgents(rig: Rig, agents: Record<string, string>): Promise<string> {
  for (const [name, script] of Object.entries(agents)) {
    await rig.write({ [`bin/${name}`]: `#!/bin/sh\n${script}\n` });
    await chmod(rig.path(`bin/${name}`), 0o755);
  }
  const { findAgents } = await import('@codex-orchestrator/rlm');
  const others = ['/usr/bin', '/bin'].filter((folder) => findAgents({ PATH: folder }).length === 0);
  return [rig.path('bin'), ...others].join(delimiter);
}

test('doctor finds nothing wrong in a folder where runs work', async () => {
  await using rig = await createRig();
  await call(['init'], { cwd: rig.root });
  await call(['start', '--task=t'], { cwd: rig.root });
  const PATH = await installAgents(rig, { codex: 'echo codex-cli 0.1.0' });
  expect(await statusOf(rig.root, { PATH })).toMatchInlineSnapshot(`
    {
      "agents": "ok",
      "config": "ok",
      "containment": "ok",
      "damaged-runs": "ok",
      "experiences": "ok",
      "git": "ok",
      "instructions": "ok",
      "interrupted-runs": "ok",
      "metrics": "ok",
      "node": "ok",
      "prompt-packs": "ok",
      "root": "ok",
      "runs-folder": "ok",
      "sh": "ok",
      "signing-key": "ok",
      "temporary-files": "ok",
      "validators": "ok",
    }
  `);
  expect((await call(['doctor'], { cwd: rig.root })).exitCode).toBe(0);
});

test('doctor warns of a missing configuration, which leaves exec', async () => {
  await using rig = await createRig();
  const result = await call(['doctor', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({ status: 'warning', missing: [] });
});

test('doctor says that no gate would run where one is set up by a name that nobody knows', async () => {
  await using rig = await createRig();
  const config = { pipelines: [], gates: { 'diff-budget': { maxFile: 5 } } };
  await rig.write({ 'codex.orchestrator.json': config });
  const result = await call(['doctor', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toContain('gates[\\"diff-budget\\"].maxFile: unknown key');
});

test('doctor exits 1 where a run is impossible', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': '{"pipelines": [', '.runs': 'a file' });
  const result = await call(['doctor', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({ status: 'error', missing: ['config', 'runs-folder'] });
});

const isRoot = process.getuid?.() === 0;
test.skipIf(isRoot)(
  'doctor sees a folder that cannot be written (not testable as root)',
  async () => {
    await using rig = await createRig();
    await mkdir(rig.path('.runs'));
    await chmod(rig.path('.runs'), 0o500);
    expect(await statusOf(rig.root)).toMatchObject({ 'runs-folder': 'error' });
  },
);

test('doctor says that no run is possible with a signing key that cannot be used', async () => {
  await using rig = await createRig();
  const env = { CODEX_ORCHESTRATOR_SIGNING_KEY: 'absent.pem' };
  const result = await call(['doctor', '--format=json'], { cwd: rig.root, env });
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({ status: 'error', missing: ['signing-key'] });
});

test('doctor names what crashes left', async () => {
  await using rig = await createRig();
  await call(['init'], { cwd: rig.root });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const folder = String(run['artifact_root']);
  await rig.write({
    [`${folder}/.manifest.json.4194303-0123456789abcdef.atomic-tmp`]: '',
    '.runs/t/cli/2026-01-01T00-00-00-000Z-00000000/manifest.json': '{ torn',
  });
  expect(await statusOf(rig.root)).toMatchObject({
    'temporary-files': 'warning',
    'damaged-runs': 'warning',
  });
});

test('doctor says which agents are there, which one is used, and what would judge its work', async () => {
  await using rig = await createRig();
  await rig.write({ 'package-lock.json': {}, 'package.json': { scripts: { test: 'true' } } });
  const PATH = await installAgents(rig, { gemini: 'exit 3', claude: 'echo "2.1.0 (Claude Code)"' });
  const found = await checksOf(rig.root, { PATH });
  expect(found.filter(({ id }) => id === 'agents' || id === 'validators')).toMatchInlineSnapshot(`
    [
      {
        "id": "agents",
        "message": "claude is used; claude 2.1.0 (Claude Code); gemini of unknown version",
        "status": "ok",
      },
      {
        "id": "validators",
        "message": "npm test (package.json (scripts.test); package-lock.json)",
        "status": "ok",
      },
    ]
  `);
  const chosen = await checksOf(rig.root, { PATH, RLM_AGENT: 'codex' });
  expect(chosen.find(({ id }) => id === 'agents')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('it is not on the PATH') as string,
  });
  const template = await checksOf(rig.root, { PATH, RLM_AGENT_COMMAND: './agent' });
  expect(template.find(({ id }) => id === 'agents')).toMatchObject({ status: 'ok' });
});

test('no agent at all is worth a warning, and keeps no run from being possible', async () => {
  await using rig = await createRig();
  const PATH = await installAgents(rig, {});
  await rig.write({ 'Cargo.toml': '', 'go.mod': '' });
  const result = await call(['doctor', '--format=json'], { cwd: rig.root, env: { PATH } });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)['checks']).toStrictEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'agents', status: 'warning' }),
      expect.objectContaining({
        id: 'validators',
        message: expect.stringMatching(/^several: /) as string,
      }),
    ]),
  );
});

test('doctor takes no file beside the folders of tasks for a task', async () => {
  await using rig = await createRig();
  await rig.write({
    '.runs/t.experiences.lock.fence': '1\n',
    '.runs/t/cli/.keep': '',
    'out/lesson.md': 'a lesson',
    'codex.orchestrator.json': { pipelines: [] },
  });
  const result = await call(['doctor', '--format=json'], { cwd: rig.root });
  const checks = onlyJson(result)['checks'] as { id: string; status: string }[];
  const looked = checks.filter(({ id }) => id === 'metrics' || id === 'experiences');
  expect(looked.map(({ status }) => status)).toStrictEqual(['ok', 'ok']);
});
