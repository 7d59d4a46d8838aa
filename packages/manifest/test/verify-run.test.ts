import { generateKeyPairSync } from 'node:crypto';
import { appendFile, rename, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { nodeFileSystem, sha256Hex } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { chainLine } from '../src/chain.js';
import {
  createEd25519Signer,
  openRunRecord,
  readManifest,
  reopenRunRecord,
  verifyRun,
} from '../src/index.js';
import type { RunLayout, RunRecordOptions, VerificationReport } from '../src/index.js';
import { withChecksum } from '../src/manifest-checksum.js';
import {
  nextAttempt,
  runIdOf,
  sampleLayout,
  sampleStart,
  stageFinished,
  stageStarted,
  succeeded,
} from './sample-run.js';

const log = 'what the stage said\n';
const refused = {
  type: 'run.resume_refused',
  actor: 'tester',
  reason: 'another try',
  code: 'RESUME_TOKEN_MISMATCH',
  detail: 'the token is not the one of the run',
} as const;

/** A failed run of one stage, with a log that its event names and a file that only its end names. */
async function leaveRun(rig: Rig, options: RunRecordOptions = {}): Promise<RunLayout> {
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout, 1), options);
  await rig.write({
    [layout.relative(layout.stageLogPath(1, 'stage-1'))]: log,
    [layout.relative(join(layout.runDir, 'report/coverage.txt'))]: '97 %\n',
  });
  record.append(stageStarted(1));
  const artifact = { path: 'commands/01-stage-1.log', bytes: log.length, sha256: sha256Hex(log) };
  record.append(stageFinished(1, { status: 'failed', exit_code: 1, artifacts: [artifact] }));
  await record.seal({ ...succeeded, status: 'failed' });
  return layout;
}

/** The findings in short: code, file below the run's folder, line or field. */
function inShort({ findings }: VerificationReport, { runId }: RunLayout): string[] {
  return findings.map(({ code, path, line, field }) => {
    const name = path.slice(path.indexOf(runId) + runId.length + 1);
    return [code, name, line, field].filter((part) => part !== undefined).join(' ');
  });
}

test('a record that nobody touched is intact, and looking changes nothing', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  const before = await rig.list();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  expect(await verifyRun(layout, { fs })).toMatchObject({
    verdict: 'intact',
    sealed: true,
    findings: [],
    remarks: [],
    checked: { journalLines: 4, files: 2 },
    signature: 'absent',
  });
  expect(await rig.list()).toEqual(before);
  const kinds = new Set(calls.map(({ operation }) => operation));
  expect([...kinds].sort()).toEqual([
    'close',
    'fstat',
    'lstat',
    'open',
    'read',
    'readdir',
    'realpath',
  ]);
});

test('a run that is going on is checked as far as it has come', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await using record = await openRunRecord(sampleStart(layout));
  record.append(stageStarted(1));
  await appendFile(layout.journalPath, '{"half');
  expect(await verifyRun(layout)).toMatchObject({
    verdict: 'intact',
    sealed: false,
    remarks: ['Line 3 of the journal is being written.'],
  });
  expect(await verifyRun(layout, { liveness: () => 'dead' })).toMatchObject({
    verdict: 'damaged',
    findings: [{ code: 'journal-torn', line: 3 }],
  });
});

interface Damage {
  readonly what: string;
  readonly found: readonly string[];
  readonly do: (layout: RunLayout, rig: Rig) => Promise<void>;
}

function inRun(layout: RunLayout, name: string): string {
  return join(layout.runDir, name);
}

/** Changes text of a file by hand. */
async function edit(rig: Rig, path: string, change: (text: string) => string): Promise<void> {
  const name = sampleLayout(rig.root).relative(path);
  await rig.write({ [name]: change(await rig.read(name)) });
}

/** As somebody would who knows of checksums. */
function editedWithChecksum(text: string, from: string, to: string): string {
  const { checksum, ...rest } = JSON.parse(text.replace(from, to)) as Record<string, unknown>;
  expect(checksum).toBeDefined();
  return withChecksum(`${JSON.stringify(rest, null, 2)}\n`);
}

const damages: readonly Damage[] = [
  {
    what: 'a status that was edited in the manifest',
    found: ['manifest-altered manifest.json status'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) => text.replace('"failed"', '"succeeded"')),
  },
  {
    what: 'the same by somebody who computes the checksum anew',
    found: ['manifest-altered manifest.json status'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) => editedWithChecksum(text, '"failed"', '"succeeded"')),
  },
  {
    what: 'a field of a stage',
    found: ['manifest-altered manifest.json commands[0].exit_code'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) => text.replace('"exit_code": 1', '"exit_code": 0')),
  },
  {
    what: 'a count that follows from nothing',
    found: ['manifest-altered manifest.json checksum'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) =>
        text.replace('"manifest_writes": 2', '"manifest_writes": 3'),
      ),
  },
  {
    what: 'a manifest in another layout',
    found: ['manifest-altered manifest.json checksum'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) => JSON.stringify(JSON.parse(text))),
  },
  {
    what: 'a manifest without its place in the journal',
    found: ['manifest-altered manifest.json journal'],
    do: ({ manifestPath }, rig) =>
      edit(rig, manifestPath, (text) => editedWithChecksum(text, '"journal": {', '"other": {')),
  },
  {
    what: 'a manifest of which half is left',
    found: ['manifest-damaged manifest.json'],
    do: ({ manifestPath }) => truncate(manifestPath, 400),
  },
  {
    what: 'a manifest that is gone',
    found: ['manifest-missing manifest.json'],
    do: ({ manifestPath }) => rm(manifestPath),
  },
  {
    what: 'a journal that is gone',
    found: ['journal-missing runner.ndjson'],
    do: ({ journalPath }) => rm(journalPath),
  },
  {
    what: 'an exit code that was edited in the journal',
    found: ['journal-altered runner.ndjson 3'],
    do: ({ journalPath }, rig) =>
      edit(rig, journalPath, (text) => text.replace('"exit_code":1', '"exit_code":0')),
  },
  {
    what: 'a line that was taken out',
    found: ['journal-altered runner.ndjson 2'],
    do: ({ journalPath }, rig) =>
      edit(rig, journalPath, (text) => text.split('\n').toSpliced(1, 1).join('\n')),
  },
  {
    what: 'lines in another order',
    found: [2, 3, 4].map((line) => `journal-altered runner.ndjson ${line}`),
    do: ({ journalPath }, rig) =>
      edit(rig, journalPath, (text) => {
        const [first = '', second = '', third = '', ...rest] = text.split('\n');
        return [first, third, second, ...rest].join('\n');
      }),
  },
  {
    what: 'a line that is no event between two that are tied to each other',
    found: ['journal-altered runner.ndjson 2'],
    do: ({ journalPath }, rig) =>
      edit(rig, journalPath, (text) => text.replace('\n', '\nnothing of this happened\n')),
  },
  {
    what: 'lines that end as Windows ends them',
    found: [1, 2, 3, 4].map((line) => `journal-altered runner.ndjson ${line}`),
    do: ({ journalPath }, rig) => edit(rig, journalPath, (text) => text.replaceAll('\n', '\r\n')),
  },
  {
    what: 'a byte order mark',
    found: ['journal-altered runner.ndjson 1'],
    do: ({ journalPath }, rig) => edit(rig, journalPath, (text) => `\uFEFF${text}`),
  },
  {
    what: 'a journal without its last line',
    found: ['journal-cut runner.ndjson 4'],
    do: ({ journalPath }, rig) =>
      edit(rig, journalPath, (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
  },
  {
    what: 'a log that was edited',
    found: ['file-altered commands/01-stage-1.log'],
    do: (layout, rig) =>
      edit(rig, layout.stageLogPath(1, 'stage-1'), (text) => text.replace('said', 'sung')),
  },
  {
    what: 'a log that was cut',
    found: ['file-cut commands/01-stage-1.log'],
    do: (layout) => truncate(layout.stageLogPath(1, 'stage-1'), 3),
  },
  {
    what: 'a log with more behind it',
    found: ['file-grown commands/01-stage-1.log'],
    do: (layout) => appendFile(layout.stageLogPath(1, 'stage-1'), 'and more'),
  },
  {
    what: 'a file that only the end of the run names',
    found: ['file-missing report/coverage.txt'],
    do: (layout) => rm(inRun(layout, 'report/coverage.txt')),
  },
  {
    what: 'a file with a symlink in its place, its content elsewhere',
    found: ['file-altered report/coverage.txt'],
    do: async (layout) => {
      await rename(inRun(layout, 'report/coverage.txt'), inRun(layout, 'elsewhere.txt'));
      await symlink('../elsewhere.txt', inRun(layout, 'report/coverage.txt'));
    },
  },
  {
    what: 'a file with a folder in its place',
    found: ['file-altered report/coverage.txt'],
    do: async (layout, rig) => {
      await rm(inRun(layout, 'report/coverage.txt'));
      await rig.write({ [layout.relative(inRun(layout, 'report/coverage.txt/x'))]: '' });
    },
  },
];

const named = damages.map((damage) => [damage.what, damage] as const);

test.for(named)('%s is found and named', async ([, { do: damage, found }]) => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  await damage(layout, rig);
  const report = await verifyRun(layout);
  expect(report.verdict).toBe('damaged');
  expect(inShort(report, layout)).toEqual(found);
});

test('the record of another run in its place is found', async () => {
  await using rig = await createRig();
  const { runDir } = await leaveRun(rig);
  const other = sampleLayout(rig.root, runIdOf('2026-01-06T06-53-38-000Z-c285a360'));
  await rename(runDir, other.runDir);
  expect(inShort(await verifyRun(other), other)).toEqual(['journal-altered runner.ndjson 1']);
});

test('a file that nothing names is a remark', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  await rig.write({ [layout.relative(inRun(layout, 'commands/later.log'))]: 'x' });
  expect(await verifyRun(layout)).toMatchObject({
    verdict: 'intact',
    remarks: ["No event names the file 'commands/later.log'."],
  });
});

test('a file that cannot be read is not taken for an altered one', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'open' && String(args[0]).endsWith('coverage.txt')
      ? { kind: 'error', code: 'EACCES' }
      : undefined,
  );
  const report = await verifyRun(layout, { fs });
  expect(inShort(report, layout)).toEqual(['file-unreadable report/coverage.txt']);
});

test('a manifest or journal that the system refuses to read is an error and no answer', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  for (const [path, code] of [
    [layout.manifestPath, 'MANIFEST_UNREADABLE'],
    [layout.journalPath, 'JOURNAL_UNREADABLE'],
  ] as const) {
    const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
      operation === 'open' && args[0] === path ? { kind: 'error', code: 'EACCES' } : undefined,
    );
    await expect(verifyRun(layout, { fs })).rejects.toMatchObject({ code });
  }
});

test('a folder that leads elsewhere is refused', async () => {
  await using rig = await createRig();
  const outside = await leaveRun(rig);
  const layout = sampleLayout(rig.path('repo'));
  await rig.write({ [`repo/${layout.relative(layout.taskRunsDir)}/x`]: '' });
  await symlink(outside.runDir, layout.runDir);
  await expect(verifyRun(layout)).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
});

test('a name that leads out of the folder of the run is not followed', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout, 1));
  record.append(stageStarted(1));
  const artifact = { path: '../../../../secret', bytes: 1, sha256: sha256Hex('x') };
  record.append(stageFinished(1, { artifacts: [artifact] }));
  await record.seal(succeeded);
  await rig.write({ secret: 'x' });
  expect(await verifyRun(layout)).toMatchObject({
    findings: [{ code: 'file-unreadable', message: expect.stringContaining('inside') as string }],
  });
});

test('what a crash leaves between the end in the journal and in the manifest is no damage', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'rename' && String(args[1]) === layout.manifestPath
      ? { kind: 'error', code: 'EIO' }
      : undefined,
  );
  const record = await openRunRecord(sampleStart(layout), { fs });
  await expect(record.seal(succeeded)).rejects.toMatchObject({ code: 'MANIFEST_WRITE_FAILED' });
  expect(await verifyRun(layout)).toMatchObject({
    verdict: 'intact',
    sealed: false,
    remarks: [
      'The manifest is behind the journal by 1, as a crash leaves it; recovering the run completes it.',
    ],
  });

  const reopened = await reopenRunRecord(layout);
  await reopened.record.checkpoint();
  await reopened.record.close();
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true, remarks: [] });
});

test('records of other tools are remarked on, and nothing is invented about them', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await rig.write({
    [layout.relative(layout.manifestPath)]: {
      version: 1,
      task_id: 'demo',
      run_id: layout.runId,
      status: 'succeeded',
      started_at: '2026-01-06T06:53:37.814Z',
    },
    [layout.relative(layout.journalPath)]: '{"type":"command:start","index":1}\n',
  });
  const report = await verifyRun(layout);
  expect(report).toMatchObject({ verdict: 'intact', sealed: true, findings: [] });
  expect(report.remarks).toHaveLength(2);
});

test('a journal that an older version began goes on with a chain', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  await edit(rig, layout.journalPath, (text) => text.replace(/,"chain":"[0-9a-f]{64}"/g, ''));
  await edit(rig, layout.manifestPath, (text) => {
    const { checksum, journal, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect([checksum, journal]).not.toContain(undefined);
    return `${JSON.stringify(rest, null, 2)}\n`;
  });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });

  const { record } = await reopenRunRecord(layout);
  record.append(refused);
  await record.checkpoint();
  await record.close();
  expect(await verifyRun(layout)).toMatchObject({
    verdict: 'intact',
    remarks: ['The chain begins behind line 4.'],
  });
  await edit(rig, layout.journalPath, (text) => text.replace('RESUME_TOKEN', 'RESUME_TAKEN'));
  expect(inShort(await verifyRun(layout), layout)).toEqual(['journal-altered runner.ndjson 4']);
});

function keyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

test('a signature tells a record from one that somebody made up', async () => {
  await using rig = await createRig();
  const { publicKey, privateKey } = keyPair();
  const layout = await leaveRun(rig, { signer: createEd25519Signer(privateKey) });
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    signature: 'valid',
  });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', signature: 'unchecked' });
  const other = await verifyRun(layout, { publicKey: keyPair().publicKey });
  expect(inShort(other, layout)).toEqual(['signature-invalid signature.json']);
  await expect(verifyRun(layout, { publicKey: 'no key' })).rejects.toMatchObject({
    code: 'SIGNING_KEY_UNUSABLE',
  });

  // A made-up record is true to itself in everything but the signature.
  await rename(layout.signaturePath, rig.path('kept.json'));
  const missing = await verifyRun(layout, { publicKey });
  expect(inShort(missing, layout)).toEqual(['signature-missing signature.json']);
  await rm(layout.runDir, { recursive: true });
  await leaveRun(rig);
  await rename(rig.path('kept.json'), layout.signaturePath);
  const madeUp = await verifyRun(layout, { publicKey });
  expect(inShort(madeUp, layout)).toEqual(['signature-invalid signature.json']);
});

test('every member of a signature counts', async () => {
  await using rig = await createRig();
  const { publicKey, privateKey } = keyPair();
  const layout = await leaveRun(rig, { signer: createEd25519Signer(privateKey) });
  const path = layout.relative(layout.signaturePath);
  const signature = (await rig.readJson(path)) as Record<string, unknown>;
  for (const [member, value] of Object.entries(signature)) {
    const changed = typeof value === 'number' ? value + 1 : `${String(value).slice(0, -6)}AAAAAA`;
    await rig.write({ [path]: { ...signature, [member]: changed } });
    const report = await verifyRun(layout, { publicKey });
    expect(inShort(report, layout), member).toEqual(['signature-invalid signature.json']);
  }
});

test('a refused resume leaves a signature valid, and a further attempt is signed anew', async () => {
  await using rig = await createRig();
  const { publicKey, privateKey } = keyPair();
  const signer = createEd25519Signer(privateKey);
  const layout = await leaveRun(rig, { signer });
  const first = await reopenRunRecord(layout);
  first.record.append(refused);
  await first.record.checkpoint();
  await first.record.close();
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    signature: 'valid',
    remarks: [],
  });

  const { record } = await reopenRunRecord(layout, { signer });
  await record.beginAttempt(nextAttempt(record));
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    sealed: false,
    remarks: ['The signature covers 4 of 6 events.'],
  });
  await record.seal(succeeded);
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    signature: 'valid',
    remarks: [],
  });
});

test('a further attempt that nobody signed is not covered by the signature of the one before', async () => {
  await using rig = await createRig();
  const { publicKey, privateKey } = keyPair();
  const layout = await leaveRun(rig, { signer: createEd25519Signer(privateKey) });
  const { record } = await reopenRunRecord(layout);
  await record.beginAttempt(nextAttempt(record));
  await record.seal(succeeded);
  const report = await verifyRun(layout, { publicKey });
  expect(inShort(report, layout)).toEqual(['signature-missing signature.json']);
});

test('a key that is none, or of another kind, is refused', () => {
  const rsa = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  for (const pem of ['', 'no key', rsa.privateKey, rsa.publicKey]) {
    expect(() => createEd25519Signer(pem)).toThrow(
      expect.objectContaining({ code: 'SIGNING_KEY_UNUSABLE' }),
    );
  }
});

test('a signer that fails costs the signature, and a later opening makes up for it', async () => {
  await using rig = await createRig();
  const { publicKey, privateKey } = keyPair();
  const signer = createEd25519Signer(privateKey);
  const layout = sampleLayout(rig.root);
  const failing = {
    ...signer,
    sign() {
      throw new Error('the device is not there');
    },
  };
  const record = await openRunRecord(sampleStart(layout), { signer: failing });
  await expect(record.seal(succeeded)).rejects.toMatchObject({ code: 'SIGNATURE_FAILED' });
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('succeeded');

  const reopened = await reopenRunRecord(layout, { signer });
  await reopened.record.checkpoint();
  await reopened.record.close();
  expect(await verifyRun(layout, { publicKey })).toMatchObject({
    verdict: 'intact',
    signature: 'valid',
  });
});

test('an event that could not follow is found although it is tied to the one before', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  const journal = await rig.read(layout.relative(layout.journalPath));
  const last = JSON.parse(journal.trimEnd().split('\n').at(-1) ?? '') as { chain: string };
  const forged = { v: 1, seq: 5, at: '2026-01-06T06:53:38.000Z', ...stageStarted(1) };
  await appendFile(layout.journalPath, `${chainLine(forged, last.chain).text}\n`);
  expect(inShort(await verifyRun(layout), layout)).toEqual(['journal-altered runner.ndjson 5']);
});
