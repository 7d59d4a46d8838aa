import { exportRecords } from '@codex-orchestrator/experience-store';
import type { Experience, ExperienceLayout } from '@codex-orchestrator/experience-store';

/** Ids that are named: whoever has forgotten them asks again. */
const maxIds = 20;

/** Which records have a secret in their text; the log is read for it once more. */
export async function findSecrets(
  layout: ExperienceLayout,
  hasSecret: (text: string) => boolean,
  options: { readonly signal: AbortSignal | undefined },
): Promise<string[]> {
  const ids: string[] = [];
  await exportRecords(layout, options, (text) => {
    for (const line of text.split('\n')) {
      if (line === '' || ids.length >= maxIds) continue;
      const { id, summary32 } = JSON.parse(line) as Experience;
      if (hasSecret(summary32)) ids.push(id);
    }
  });
  return ids;
}
