import { chmod } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { cleanGitEnvironment } from '@codex-orchestrator/exec';
import {
  identityOf,
  parseSettings,
  renderPrivateConfig,
} from '../../src/workspace/private-config.js';
import { createRepositoryRig } from './repository-rig.js';
import type { RepositoryRig } from './repository-rig.js';

const hooks = [
  'post-checkout',
  'post-commit',
  'post-index-change',
  'pre-commit',
  'reference-transaction',
  'fsmonitor-watchman',
];

test.each(['none', 'worktree'] as const)(
  'nothing that an agent configures or hooks is executed (isolation %s)',
  async (isolation) => {
    await using rig = await createRepositoryRig({ files: { 'a.txt': 'one\n', 'x.bin': 'x\n' } });
    const workspace = await rig.open({ isolation });
    const before = (await workspace.snapshot()) ?? '';
    await setTraps(rig, workspace.folder.slice(rig.root.length + 1));
    // It would work on whoever runs git as usual.
    rig.git(['status', '--short'], workspace.folder.slice(rig.root.length + 1));
    const traps = (await rig.list('hits')).length;
    expect(traps).toBeGreaterThan(0);
    await rig.write({ 'hits/seen': '' });
    const hits = (await rig.list('hits')).length;
    const after = (await workspace.snapshot()) ?? '';
    expect(after).not.toBe(before);
    await workspace.compare(before, after);
    await workspace.writePatch(before, after, rig.path('p'));
    await workspace.describe(null);
    expect(await workspace.keep(after, 'result')).toEqual(
      isolation === 'none' ? null : expect.any(String),
    );
    if (isolation === 'worktree') await workspace.restore(before);
    const again = await rig.open({ isolation, resumeTree: after });
    expect(await again.snapshot()).toBe(after);
    await again.close();
    expect((await rig.list('hits')).length).toBe(hits);
  },
);

/** Each trap leaves a file of its own: who looked once more is seen. */
async function setTraps(rig: RepositoryRig, folder: string): Promise<void> {
  const trap = `#!/bin/sh\nmktemp '${rig.path('hits')}/XXXXXXXX' >/dev/null\ncat 2>/dev/null\nexit 0\n`;
  await rig.write({ 'trap.sh': trap, 'hits/.keep': '' });
  await chmod(rig.path('trap.sh'), 0o755);
  const program = rig.path('trap.sh');
  for (const hook of hooks) {
    for (const place of [`repo/.git/hooks/${hook}`, `traps/${hook}`]) {
      await rig.write({ [place]: trap });
      await chmod(rig.path(place), 0o755);
    }
  }
  const settings = {
    'core.fsmonitor': program,
    'core.hooksPath': rig.path('traps'),
    'core.pager': program,
    'diff.external': program,
    'diff.trap.textconv': program,
    'diff.trap.command': program,
    'filter.trap.clean': program,
    'filter.trap.smudge': program,
    'core.alternateRefsCommand': program,
    'gpg.program': program,
    'commit.gpgSign': 'true',
    'core.sshCommand': program,
  };
  for (const [name, value] of Object.entries(settings)) {
    rig.git(['config', '--global', name, value]);
    rig.git(['config', name, value]);
  }
  await rig.write({
    [`${folder}/.gitattributes`]: '* diff=trap filter=trap\n',
    [`${folder}/a.txt`]: 'two\n',
    [`${folder}/x.bin`]: new Uint8Array([0, 1, 2]),
  });
}

test('the environment of the caller leads git nowhere else', async () => {
  await using rig = await createRepositoryRig();
  rig.git(['init', '-q', 'other'], '.');
  const environment = {
    ...rig.ports().environment,
    GIT_DIR: rig.path('other/.git'),
    GIT_WORK_TREE: rig.path('other'),
    GIT_INDEX_FILE: rig.path('other/index'),
    GIT_OBJECT_DIRECTORY: rig.path('other/objects'),
    GIT_EXTERNAL_DIFF: '/nowhere',
  };
  const workspace = await rig.open({}, { environment });
  expect(await workspace.snapshot()).toBe(rig.git(['rev-parse', 'HEAD^{tree}']).trim());
  expect(cleanGitEnvironment({ GIT_CONFIG: 'x', GIT_CONFIG_GLOBAL: 'y', PATH: 'z' })).toMatchObject(
    {
      GIT_CONFIG_GLOBAL: 'y',
      PATH: 'z',
      LC_ALL: 'C',
    },
  );
  expect(cleanGitEnvironment({ GIT_CONFIG: 'x' })).not.toHaveProperty('GIT_CONFIG');
});

test('of the configuration only what decides about content is taken over', () => {
  const settings = parseSettings(
    [
      'user.name\nAda',
      'core.autocrlf\ninput',
      'core.fsmonitor\n/evil',
      'core.symlinks',
      'filter.a "b".c\\.clean\nx "y"\\z',
      'diff.external\n/evil',
      'include.path\n/evil',
      'user.name\nAda L',
      '',
    ].join('\0'),
  );
  expect(identityOf(settings)).toEqual({ name: 'Ada L', email: 'noreply@localhost' });
  expect(renderPrivateConfig({ settings, objectFormat: 'sha256', lfsDir: '/r/.git/lfs' }))
    .toMatchInlineSnapshot(`
    "[core]
    	repositoryformatversion = "1"
    [core]
    	bare = "false"
    [extensions]
    	objectformat = "sha256"
    [core]
    	loosecompression = "1"
    [lfs]
    	storage = "/r/.git/lfs"
    [core]
    	autocrlf = "input"
    [core]
    	symlinks = "true"
    [filter "a \\"b\\".c\\\\"]
    	clean = "x \\"y\\"\\\\z"
    "
  `);
});

test('filters that were configured before the loop work as they do for git', async () => {
  await using rig = await createRepositoryRig({ files: { '.gitattributes': '*.up filter=up\n' } });
  rig.git(['config', 'filter.up.clean', 'tr a-z A-Z']);
  rig.git(['config', 'core.autocrlf', 'input']);
  await rig.write({ 'repo/x.up': 'abc\n', 'repo/y.txt': 'line\r\n' });
  const tree = await (await rig.open()).snapshot();
  expect(rig.git(['cat-file', 'blob', `${tree}:x.up`])).toBe('ABC\n');
  expect(rig.git(['cat-file', 'blob', `${tree}:y.txt`])).toBe('line\n');
});
