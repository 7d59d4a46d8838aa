import type { GateOptions } from '@codex-orchestrator/gates';

import { given } from '../../given.js';
import { typedPath } from '../../gates/open-ports.js';

/** What the commands of gates take; each of them only some. */
export interface GateFlags {
  readonly base?: string | undefined;
  readonly commit?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly fix?: boolean | undefined;
  readonly format?: GateFormat | undefined;
  readonly manifest?: string | undefined;
  readonly notes?: string | undefined;
  readonly registry?: string | undefined;
  readonly report?: string | undefined;
  readonly review?: boolean | undefined;
  readonly task?: string | undefined;
  readonly warn?: boolean | undefined;
}

/** `sarif` and `github` are for gates alone: what goes wrong before there is a result is told as text. */
export type GateFormat = 'agent' | 'github' | 'json' | 'sarif' | 'text';

/** What of it a gate is given. Paths are typed from the folder of the call on. */
export function optionsOf(flags: GateFlags, cwd: string): GateOptions {
  const { base, commit, fix, manifest, registry, report } = flags;
  return given({
    base,
    commit,
    fix,
    manifest: typedPath(manifest, cwd),
    registry: typedPath(registry, cwd),
    report: typedPath(report, cwd),
  });
}

/** Whether what is found is reported and nothing else. */
export function isDryRun({ dryRun, warn }: GateFlags): boolean {
  return dryRun === true || warn === true;
}
