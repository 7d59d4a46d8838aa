import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { encodeManifest } from '../src/encode-manifest.js';
import { foldEvents } from '../src/index.js';
import type { Manifest } from '../src/index.js';
import { startedEvent } from '../src/started-event.js';
import { sampleLayout, sampleStart } from './sample-run.js';

function sampleManifest(summary: string): Manifest {
  const event = startedEvent(sampleStart(sampleLayout('/repo'), 1), '2026-01-06T06:53:38.000Z');
  const manifest = foldEvents([event]);
  if (!manifest) throw new Error('no record');
  return { ...manifest, summary };
}

const nothing = {
  manifest_writes: 1,
  manifest_bytes: 0,
  journal_lines: 1,
  journal_bytes: 1,
  fsyncs: 1,
};

test('the stated size is the true one, wherever the number of digits changes', () => {
  const manifest = sampleManifest('s');
  const own = Buffer.byteLength(encodeManifest(manifest, nothing).text);
  for (const around of [own, 10_000, 100_000, 1_000_000]) {
    for (let before = around - own - 12; before < around - own + 12; before++) {
      const { text, observability } = encodeManifest(manifest, {
        ...nothing,
        manifest_bytes: Math.max(0, before),
      });
      const stated = observability.manifest_bytes;
      expect(stated).toBe(Math.max(0, before) + Buffer.byteLength(text));
      expect(JSON.parse(text)).toMatchObject({ observability: { manifest_bytes: stated } });
    }
  }
});

test('text that looks like the size is left alone', () => {
  const manifest: Manifest = {
    ...sampleManifest('"manifest_bytes": 0 — ünïcode \u{1F600}'),
    options: { manifest_bytes: 0 },
  };
  const { text, observability } = encodeManifest(manifest, nothing);
  const checksum = (JSON.parse(text) as Manifest).checksum;
  expect(text).toBe(`${JSON.stringify({ ...manifest, observability, checksum }, null, 2)}\n`);
  const without = `${JSON.stringify({ ...manifest, observability }, null, 2)}\n`;
  expect(checksum).toBe(createHash('sha256').update(without).digest('hex'));
});
