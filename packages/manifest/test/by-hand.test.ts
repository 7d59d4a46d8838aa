import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openRunRecord, readManifest } from '../src/index.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

const formats = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');

/** What the shell prints for the block behind a sentence of the document. */
function runBlock(sentence: string, cwd: string): string[] {
  const [, script = ''] = /```sh\n(.*?)```/s.exec(formats.slice(formats.indexOf(sentence))) ?? [];
  const output = execFileSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

// The tools are those of GNU.
test.runIf(process.platform === 'linux')(
  'what the document says about checking a line and a manifest by hand is so',
  async () => {
    await using rig = await createRig();
    const layout = sampleLayout(rig.root);
    const record = await openRunRecord(sampleStart(layout));
    record.append(stageStarted(1));
    const { chain } = record.append(stageFinished(1, { summary: 'fine — “ünïcode”' }));
    await record.seal(succeeded);
    expect(runBlock('By hand, for line 3', layout.runDir)).toEqual([`${chain ?? ''}  -`, chain]);
    const { manifest } = await readManifest(layout.manifestPath);
    expect(runBlock('The checksum by hand', layout.runDir)).toEqual([
      `${manifest.checksum ?? ''}  -`,
    ]);
  },
);
