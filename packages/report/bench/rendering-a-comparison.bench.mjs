import { samplesOf } from './bench-samples.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'The page, the text and the markdown of a comparison take no more time than before.',
  async prepare(context) {
    const { compareSamples, renderComparisonMarkdown, renderComparisonText } = await context.load(
      '@codex-orchestrator/report',
    );
    const { renderComparisonPage } = await context.load('@codex-orchestrator/report/html');
    const { before, after } = await samplesOf(context, 200);
    const comparison = compareSamples(before, after, { resamples: 60 });
    const view = { comparison, generatedAt: '2026-07-01T00:00:00.000Z' };
    return () => ({
      page: renderComparisonPage(view),
      markdown: renderComparisonMarkdown(comparison),
      text: renderComparisonText(comparison),
    });
  },
  run: (renderAll) => renderAll(),
};
