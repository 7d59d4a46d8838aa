import type { Finding } from '../gate/finding.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateResult } from '../gate/gate-result.js';

/**
 * Whether the instruction files of a repository are stamped, and the stamps fit what they say. Which files
 * those are and what is wrong with them is the answer of `ports.checkInstructions`. Not applicable where
 * there is none and none is asked for.
 */
export function instructionStamps(ports: GatePorts): Promise<GateResult> {
  return Promise.resolve().then(() => judgeStamps(ports));
}

function judgeStamps({ settings, checkInstructions }: GatePorts): GateResult {
  const wanted = settings['instruction-stamps']?.files;
  const { files, findings: given } = checkInstructions(wanted);
  const isNothing = files.length === 0 && given.length === 0;
  // Files that were asked for are never nothing.
  const findings = isNothing ? (wanted ?? []).map(absent) : given;
  const outcome = findings.length > 0 ? 'failed' : isNothing ? 'not_applicable' : 'passed';
  return {
    gate: 'instruction-stamps',
    outcome,
    passes: outcome !== 'failed',
    findings,
    lines: linesOf(outcome, files, findings),
    facts: { files: [...files], problems: findings.length },
    override: null,
    warnings: [],
    written: [],
  };
}

function absent(file: string): Finding {
  const message = `${file} is to be stamped and was not looked at`;
  return { rule: 'instruction-file-missing', file, line: null, message, fix: null };
}

function linesOf(
  outcome: 'failed' | 'not_applicable' | 'passed',
  files: readonly string[],
  findings: GateResult['findings'],
): string[] {
  const counted = files.length === 1 ? '1 file' : `${files.length} files`;
  switch (outcome) {
    case 'not_applicable':
      return ['Instruction stamps: not applicable - there is no instruction file'];
    case 'passed':
      return [`✅ Instruction stamps: OK (${counted})`];
    case 'failed':
      return [
        `❌ Instruction stamps: issues detected (${counted})`,
        ...findings.map(({ file, message }) => ` - ${file === null ? '' : `${file}: `}${message}`),
      ];
  }
}
