import { factList, sentences } from './facts.js';
import { formatBytes, formatCount } from './format-quantity.js';
import { shortPath } from './plain-text.js';
import type { VerificationView } from './run-page-view.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { table } from './table.js';
import { verdictBadge } from './verdict-badge.js';
import { verdictPanel } from './verdict-panel.js';

/** Whether the record is what was written, and by what that is known. */
export function verificationPanel(verification: VerificationView | null): SafeHtml {
  if (!verification) {
    return verdictPanel('not verified', [
      'Nobody has held this record against its own digests yet.',
    ]);
  }
  return html`${verdictPanel(verification.verdict, [sentenceOf(verification)])}${digests(verification)}${sentences(verification.remarks)}${findings(verification)}${artifacts(verification)}`;
}

function sentenceOf({ verdict, findings: found, checked }: VerificationView): string {
  const reach = `${formatCount(checked.journalLines)} lines of the journal and ${formatCount(checked.files)} files of ${formatBytes(checked.bytes)} were checked`;
  if (verdict === 'intact') return `${reach}: all of it is what was recorded.`;
  return `${reach}: ${found.length === 1 ? 'one finding' : `${found.length} findings`}.`;
}

function digests({ sealed, signature, anchor, manifestChecksum }: VerificationView): SafeHtml {
  return factList([
    { name: 'Sealed', value: sealed ? 'yes' : 'no' },
    { name: 'Signature', value: verdictBadge(signature) },
    {
      name: 'Anchor',
      value: anchor && `${formatCount(anchor.lines)} lines, ${formatBytes(anchor.bytes)}`,
    },
    { name: 'Chain head', value: anchor?.head, isCode: true },
    { name: 'Checksum of the manifest', value: manifestChecksum, isCode: true },
  ]);
}

function findings({ findings: found }: VerificationView): SafeHtml | undefined {
  if (found.length === 0) return undefined;
  return table({
    caption: 'Findings',
    columns: [
      { header: 'What' },
      { header: 'File', kind: 'code' },
      { header: 'Where' },
      { header: 'Why' },
    ],
    rows: found.map(({ code, path, place, message }) => [
      code,
      shortPath(path, 160),
      place ?? '–',
      message,
    ]),
    maxRows: 50,
    maxBytes: 24_000,
  });
}

function artifacts({ artifacts: files }: VerificationView): SafeHtml | undefined {
  if (files.length === 0) return undefined;
  return table({
    caption: 'Digests of the files (SHA-256)',
    columns: [
      { header: 'File', kind: 'code' },
      { header: 'Size', kind: 'number' },
      { header: 'Digest', kind: 'code' },
    ],
    rows: files.map(({ path, bytes, sha256 }) => [
      shortPath(path, 160),
      formatBytes(bytes),
      sha256,
    ]),
    maxRows: 60,
    maxBytes: 20_000,
  });
}
