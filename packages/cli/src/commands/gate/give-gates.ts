import type { GateResult } from '@codex-orchestrator/gates';

import type { CommandContext } from '../../command.js';
import { GuardedStream } from '../../github/guarded-stream.js';
import type { Io } from '../../io.js';
import { plainText } from '../../render/styled-line.js';
import type { Line } from '../../render/styled-line.js';
import { printable } from '../../render/printable.js';
import { version } from '../../version.js';
import type { UnjudgedGate } from './answers.js';
import type { GateFormat } from './gate-flags.js';

/** What one gate or all of them came to, in every form in which it can be asked for. */
export interface GivenGates {
  readonly value: object;
  readonly results: readonly GateResult[];
  readonly unjudged: readonly UnjudgedGate[];
  readonly text: () => readonly Line[];
  readonly agent: () => readonly Line[];
}

/** Gives the final word of a gate in the format that was asked for. */
export async function giveGates(
  given: GivenGates,
  format: GateFormat | undefined,
  { answer, io }: CommandContext,
): Promise<void> {
  const { results, unjudged, value, text, agent } = given;
  if (format === 'sarif') {
    const { renderSarif } = await import('../../gates-library.js');
    const log = renderSarif(results, { version, unjudged });
    answer.piece(`${JSON.stringify(log, null, 2)}\n`, 'json');
    return;
  }
  if (format === 'github') {
    const { renderGithub } = await import('../../gates-library.js');
    writeForGithub(given, renderGithub(results, unjudged), io);
  } else answer.give(value, { text, agent });
  for (const { gate, warnings } of answer.format === 'text' ? results : []) {
    for (const warning of warnings) {
      io.stderr.write(`codex-orchestrator: warning: ${gate}: ${printable(warning)}\n`);
    }
  }
}

/**
 * The lines, then the annotations. What gates quote must not issue commands of its own, also where nothing
 * says that GitHub reads: in a container that one of its jobs has started, for instance.
 */
function writeForGithub(
  { text }: GivenGates,
  annotations: readonly string[],
  { stdout }: Io,
): void {
  const stream = stdout instanceof GuardedStream ? stdout : new GuardedStream(stdout);
  const lines = text().map((line) => `${printable(plainText(line))}\n`);
  if (lines.length > 0) stream.writeInert(lines.join(''));
  for (const annotation of annotations) stream.issue(annotation);
}
