import type { GatePorts } from '../gate/gate-ports.js';
import { defaultTaskIndexPath } from '../tasks/task-index.js';

/** What the gate goes by, with all defaults; paths relative to the root. */
export interface SyncSettings {
  readonly index: string;
  /** The folder of the mirrors. */
  readonly mirrors: string;
  readonly tasksFile: string;
}

export function syncSettings({ settings }: GatePorts): SyncSettings {
  const section = settings['tasks-sync'];
  return {
    index: section?.index ?? defaultTaskIndexPath,
    mirrors: section?.mirrors ?? '.agent/task',
    tasksFile: section?.tasksFile ?? 'docs/TASKS.md',
  };
}
