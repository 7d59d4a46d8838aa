import { countGate, makeRepository } from './plain-repository.mjs';

const documents = 20;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'A document is read once, also where others lead to its headings.',
  budget: { processes: 1, opens: documents, bytesRead: documents * 100, writes: 0 },
  async measure(context) {
    const root = context.folder;
    const committed = Object.fromEntries(
      Array.from({ length: documents }, (_, at) => [`docs/${at}.md`, documentOf(at)]),
    );
    makeRepository(root, { committed });
    const { result, counts } = await countGate(context, 'docs-check', { root });
    if (!result.passes) throw new Error(result.lines.join('\n'));
    if (result.facts.documents !== documents) {
      throw new Error(`Expected ${documents} documents, got ${result.facts.documents}`);
    }
    return counts;
  },
};

/** Each leads to a heading of the next one, and to one before. Of 100 bytes. */
function documentOf(at) {
  const [next, before] = [(at + 1) % documents, (at + documents - 1) % documents];
  return `# A heading\n\n[next](${next}.md#a-heading), \`docs/${before}.md\`\n`.padEnd(100, '.');
}
