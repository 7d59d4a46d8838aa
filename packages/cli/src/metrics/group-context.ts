import { CoreError, readInteger, readString } from '@codex-orchestrator/core';
import type { Environment } from '@codex-orchestrator/core';
import type { RunOptions } from '@codex-orchestrator/manifest';
import type { MetricsEntry } from '@codex-orchestrator/metrics';

export interface GroupContext {
  /** The comparison that the run belongs to, as options of the run. */
  readonly options: RunOptions;
  /** Which variables are of no use, and why. */
  readonly warnings: readonly string[];
}

/** Reads `TFGRPO_EPOCH`, `TFGRPO_GROUP_SIZE` and `TFGRPO_GROUP_ID`. What is of no use counts as unset. */
export function readGroupContext(env: Environment): GroupContext {
  const options: Record<string, number | string> = {};
  const warnings: string[] = [];
  for (const [option, variable] of [
    ['tfgrpo_epoch', 'TFGRPO_EPOCH'],
    ['tfgrpo_group_size', 'TFGRPO_GROUP_SIZE'],
  ] as const) {
    try {
      const number = readInteger(env, variable, undefined, { min: 1 });
      if (number !== undefined) options[option] = number;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      warnings.push(`${error.message}; it is left out`);
    }
  }
  const id = readString(env, 'TFGRPO_GROUP_ID', undefined)?.trim();
  if (id !== undefined) options['tfgrpo_group_id'] = id;
  return { options, warnings };
}

/** The options of a run that say which comparison it belongs to. */
export function groupOptionsOf(options: RunOptions): RunOptions {
  const names = ['tfgrpo_epoch', 'tfgrpo_group_size', 'tfgrpo_group_id'];
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

type GroupMembers = Required<
  Pick<MetricsEntry, 'tfgrpo_epoch' | 'tfgrpo_group_id' | 'tfgrpo_group_size'>
>;

/** The same for an entry in the history. */
export function groupOf(options: RunOptions): GroupMembers {
  const { tfgrpo_epoch: epoch, tfgrpo_group_id: id, tfgrpo_group_size: size } = options;
  return {
    tfgrpo_epoch: typeof epoch === 'number' ? epoch : null,
    tfgrpo_group_id: typeof id === 'string' ? id : null,
    tfgrpo_group_size: typeof size === 'number' ? size : null,
  };
}
