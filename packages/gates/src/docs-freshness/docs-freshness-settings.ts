import type { GatePorts } from '../gate/gate-ports.js';
import { defaultDocuments } from '../repository/default-documents.js';

/** What the gate goes by, with all defaults. */
export interface FreshnessSettings {
  /** Relative to the root. */
  readonly registry: string;
  readonly documents: readonly string[];
  readonly cadenceDays: number;
  /** Undefined where nobody is named. */
  readonly owner: string | undefined;
  /** Whether a repository without a registry is to be judged all the same. */
  readonly isAskedFor: boolean;
}

export const defaultRegistryPath = 'docs/docs-freshness-registry.json';

export function freshnessSettings({ settings, options }: GatePorts): FreshnessSettings {
  const section = settings['docs-freshness'];
  return {
    registry: options.registry ?? section?.registry ?? defaultRegistryPath,
    documents: section?.documents ?? defaultDocuments,
    cadenceDays: section?.cadenceDays ?? 90,
    owner: section?.owner,
    isAskedFor: section !== undefined || options.registry !== undefined || options.fix === true,
  };
}
