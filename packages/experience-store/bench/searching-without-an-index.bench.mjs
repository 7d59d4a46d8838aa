import { rmSync } from 'node:fs';

import { placeWith } from './bench-log.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise:
    'A search through 5 000 realistic records without an index takes no more time than before.',
  async prepare(context) {
    const { createExperienceLayout, openExperienceStore } = await context.load(
      '@codex-orchestrator/experience-store',
    );
    const place = await placeWith(context, { lines: 5_000 });
    const query = { taskId: place.taskId, domain: place.domain, limit: 3 };
    return { openExperienceStore, place, query, layout: createExperienceLayout(place) };
  },
  async run({ openExperienceStore, place, query, layout }) {
    rmSync(layout.indexPath, { force: true });
    rmSync(layout.indexDir, { recursive: true, force: true });
    const { source, records } = await openExperienceStore(place).fetchTop(query);
    return { source, ids: records.map(({ id }) => id) };
  },
};
