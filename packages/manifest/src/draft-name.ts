import { parseRunId } from '@codex-orchestrator/core';
import type { RunId } from '@codex-orchestrator/core';

const draftPattern = /^\.(.+)\.(\d{1,10})-[0-9a-f]{16}\.opening$/;

/** What the name of a record says that is still being opened. */
export interface DraftName {
  readonly runId: RunId;
  /** Of the process that opens it: until there is a journal, nothing else tells whose it is. */
  readonly pid: number;
}

/** The hidden name of a record that is being opened by this process. */
export function draftName(runId: RunId, unique: string): string {
  return `.${runId}.${process.pid}-${unique}.opening`;
}

/** Undefined for every other name. */
export function parseDraftName(name: string): DraftName | undefined {
  const [, id = '', pid] = draftPattern.exec(name) ?? [];
  const parsed = parseRunId(id);
  return parsed.ok ? { runId: parsed.value.runId, pid: Number(pid) } : undefined;
}
