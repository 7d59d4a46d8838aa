import { openContainment } from '@codex-orchestrator/exec';

import type { RunSettings } from './run-settings.js';

/**
 * Makes the place that a contained run's commands run in, before anything of the run is made: where
 * that cannot be had, nothing is left half done. A subpipeline's run shares that of its parent.
 */
export async function withContainment<T>(
  settings: RunSettings,
  run: (settings: RunSettings) => Promise<T>,
): Promise<T> {
  if (settings.contain !== true || settings.containment) return run(settings);
  await using containment = await openContainment();
  return await run({ ...settings, containment });
}
