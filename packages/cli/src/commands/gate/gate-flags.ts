import { isAbsolute, relative, resolve, sep } from 'node:path';

import type { GateOptions } from '@codex-orchestrator/gates';

import { given } from '../../given.js';

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

/** What of it a gate is given. */
export function optionsOf(flags: GateFlags, place: TypedAt): GateOptions {
  const { base, commit, fix, manifest, registry, report } = flags;
  return given({
    base,
    commit,
    fix,
    manifest: pathOf(manifest, place),
    registry: pathOf(registry, place),
    report: pathOf(report, place),
  });
}

/** Where a path was typed, and what gates know it by. */
interface TypedAt {
  readonly cwd: string;
  readonly root: string;
}

/** Relative to the root, or absolute where it leads out of it. */
function pathOf(typed: string | undefined, { cwd, root }: TypedAt): string | undefined {
  if (typed === undefined) return undefined;
  const path = resolve(cwd, typed);
  const fromRoot = relative(root, path).split(sep).join('/');
  return fromRoot === '..' || fromRoot.startsWith('../') || isAbsolute(fromRoot) ? path : fromRoot;
}

/** Whether what is found is reported and nothing else. */
export function isDryRun({ dryRun, warn }: GateFlags): boolean {
  return dryRun === true || warn === true;
}
