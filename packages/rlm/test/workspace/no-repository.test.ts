import { chown } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { createRepositoryRig } from './repository-rig.js';
import type { RepositoryRig } from './repository-rig.js';

const places: readonly {
  readonly name: string;
  readonly folder: string;
  readonly arrange: (rig: RepositoryRig) => Promise<void>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly note: RegExp;
}[] = [
  {
    name: 'a folder without a repository',
    folder: 'plain',
    arrange: (rig) => rig.write({ 'plain/x': 'x' }),
    note: /not a git repository/,
  },
  {
    name: 'a bare repository',
    folder: 'bare',
    arrange: (rig) => {
      rig.git(['init', '-q', '--bare', 'bare'], '.');
      return Promise.resolve();
    },
    note: /must be run in a work tree/,
  },
  {
    name: 'a folder that its repository ignores',
    folder: 'repo/build',
    arrange: (rig) => rig.write({ 'repo/.gitignore': 'build/\n', 'repo/build/x': 'x' }),
    note: /ignores the folder/,
  },
  {
    name: 'a system without git',
    folder: 'repo',
    arrange: () => Promise.resolve(),
    environment: { PATH: '/nowhere' },
    note: /no git program/,
  },
];

test.each(places)('$name is a plain folder', async ({ folder, arrange, environment, note }) => {
  await using rig = await createRepositoryRig();
  await arrange(rig);
  await expectPlain(rig, folder, { note, ...(environment && { environment }) });
});

test.runIf(process.getuid?.() === 0)(
  'a repository of somebody else is a plain folder',
  async () => {
    await using rig = await createRepositoryRig();
    await chown(rig.path('repo'), 12345, 12345);
    await chown(rig.path('repo/.git'), 12345, 12345);
    await expectPlain(rig, 'repo', { note: /dubious ownership/ });
  },
);

async function expectPlain(
  rig: RepositoryRig,
  folder: string,
  {
    note,
    environment,
  }: { readonly note: RegExp; readonly environment?: Readonly<Record<string, string>> },
): Promise<void> {
  const ports = environment ? { environment } : {};
  const root = rig.path(folder);
  const workspace = await rig.open({ root }, ports);
  expect(workspace).toMatchObject({ kind: 'plain', branch: null, folder: root });
  expect(workspace.notes).toHaveLength(1);
  expect(workspace.notes[0]).toMatch(note);
  expect(await workspace.snapshot()).toBeNull();
  expect(await workspace.describe(null)).toBeNull();
  expect(await workspace.keep('x', 'y')).toBeNull();
  expect(await workspace.compare('x', 'y')).toMatchObject({ files: 0, paths: [] });
  expect(await workspace.writePatch('x', 'y', rig.path('p'))).toMatchObject({ bytes: 0 });
  await expect(workspace.restore('x')).rejects.toMatchObject({ code: 'NOT_ISOLATED' });
  await workspace.close();
  await expect(rig.open({ root, isolation: 'worktree' }, ports)).rejects.toMatchObject({
    code: 'ISOLATION_UNAVAILABLE',
  });
}
