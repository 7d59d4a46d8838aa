import { plainText } from '../html/plain-text.js';
import { bullets } from '../compare/render-comparison-markdown.js';
import type { EvidenceBuild, EvidenceDocument } from './evidence-document.js';

/** The commands of a document in a block to copy from, and in which order they were run. */
export function repeatLines({ builds, order, phase }: EvidenceDocument): string {
  const lines = builds.flatMap(commandLines);
  const fence = '`'.repeat(Math.max(2, ...lines.map(longestRun)) + 1);
  const turns = order.length === 0 ? 'none' : order.join(', ');
  return [
    `${fence}sh`,
    ...lines,
    fence,
    '',
    bullets([`${phase}, order of the runs: ${turns}`]),
  ].join('\n');
}

function commandLines({ role, ref, commit, command }: EvidenceBuild): readonly string[] {
  const at = commit ?? ref;
  return [plainText(`# ${role}${at === null ? '' : ` at ${at}`}`), command.map(quoted).join(' ')];
}

/** As a shell takes it; what cannot be shown is left out, so that no line is more than it looks. */
function quoted(argument: string): string {
  const plain = plainText(argument);
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", `'\\''`)}'`;
}

function longestRun(line: string): number {
  return Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
}
