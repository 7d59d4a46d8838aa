import { certainName } from './certain-name.js';
import { judgeLink, judgePath } from './judge-paths.js';
import type { Problem } from './problem.js';
import type { PipelineReference, Reference, ScriptReference } from './reference.js';
import type { RepositoryView } from './repository-view.js';

/** What is wrong about a reference; the file is that of the document, the line that of the reference. */
export type Complaint = Pick<Problem, 'fix' | 'message' | 'rule'>;

/** Holds all references of a document against what there is. Pure: it knows what the view shows. */
export function judgeReferences(
  document: string,
  references: readonly Reference[],
  view: RepositoryView,
): Problem[] {
  return references.flatMap((reference) => {
    const complaint = judge(document, reference, view);
    if (complaint === undefined) return [];
    const { text, line } = reference;
    return [{ ...complaint, file: document, line, reference: text }];
  });
}

function judge(
  document: string,
  reference: Reference,
  view: RepositoryView,
): Complaint | undefined {
  switch (reference.kind) {
    case 'script':
      return judgeScript(document, reference, view);
    case 'pipeline':
      return judgePipeline(reference, view);
    case 'path':
      return judgePath(document, reference, view);
    case 'link':
      return judgeLink(document, reference, view);
    case 'undefined':
      return {
        rule: 'reference-undefined',
        message: `\`${reference.text}\` refers to a label that nothing in the document defines`,
        fix: `Define it: [${reference.label}]: <target>`,
      };
  }
}

function judgeScript(
  document: string,
  { tool, scripts, isElsewhere, text }: ScriptReference,
  view: RepositoryView,
): Complaint | undefined {
  const packages = isElsewhere ? view.allScripts() : view.scriptsNear(document);
  const isKnown = scripts.some(
    (script) =>
      // `npm run env` is there without being one.
      script === 'env' ||
      packages.some((known) => known.scripts.has(script)) ||
      (tool === 'yarn' && isProgram(script, view, document)),
  );
  if (isKnown) return undefined;
  const name = scripts.at(-1) ?? '';
  const meant = certainName(name, new Set(packages.flatMap((known) => [...known.scripts])));
  const place = packages.length === 0 ? 'there is no package.json' : 'package.json has no such one';
  return {
    rule: 'npm-script-missing',
    message: `\`${text}\` runs a script, but ${place}`,
    fix: meant === undefined ? null : `Did you mean \`${tool} run ${meant}\`?`,
  };
}

/** Yarn runs the programs of installed packages too. */
function isProgram(name: string, view: RepositoryView, document: string): boolean {
  return (
    view.scriptsNear(document).some(({ dependencies }) => dependencies.has(name)) ||
    view.kindOf(`node_modules/.bin/${name}`) === 'file'
  );
}

function judgePipeline(
  { id, text }: PipelineReference,
  { pipelineIds }: RepositoryView,
): Complaint | undefined {
  if (pipelineIds.has(id)) return undefined;
  const meant = certainName(id, pipelineIds);
  return {
    rule: 'pipeline-id-missing',
    message: `\`${text}\` starts a pipeline that there is not`,
    fix: meant === undefined ? null : `Did you mean \`codex-orchestrator start ${meant}\`?`,
  };
}
