import { relative, sep } from 'node:path';

import type { GatePorts } from '../gate/gate-ports.js';
import type { GateFacts, GateResult } from '../gate/gate-result.js';
import { defaultDocuments } from '../repository/default-documents.js';
import { listFiles } from '../repository/list-files.js';
import { matchGlobs } from '../repository/match-globs.js';
import { judgeReferences } from './judge-references.js';
import { createPackageScriptsReader } from './package-scripts.js';
import type { Problem } from './problem.js';
import { isAlias, readReferences } from './read-documents.js';
import type { ReadDocument } from './read-documents.js';
import { createRepositoryPaths } from './repository-paths.js';
import type { RepositoryView } from './repository-view.js';
import { checkTasksFileSize } from './tasks-file-size.js';

/**
 * Holds what documents refer to against what there is: scripts, pipelines, paths in backticks, links, images
 * and headings. It reads every document once, and asks the disk once for each path that is named.
 *
 * @throws GateError `GIT_FAILED`, `INVALID_FILE` for a package.json or a policy that cannot be read,
 * `INVALID_OPTION`
 */
export async function docsCheck(ports: GatePorts): Promise<GateResult> {
  const settings = ports.settings['docs-check'] ?? {};
  const files = new Set(await listFiles(ports));
  const isDocument = matchGlobs(settings.documents ?? documentsOf);
  const paths = new Set([...files].filter(isDocument));
  if (paths.size === 0) return withoutDocuments(settings.documents);
  const documents = await readAll(ports, paths);
  const view = openView(ports, files, documents);
  const problems = [
    ...checkTasksFileSize(ports, settings),
    ...documents.flatMap(({ path, references, problems: unread }) => [
      ...unread,
      ...judgeReferences(path, references, view),
    ]),
  ];
  const ignore = settings.ignoreReferences ?? [];
  const references = documents.reduce((sum, each) => sum + each.references.length, 0);
  return conclude(ignore.length === 0 ? problems : withoutIgnored(problems, ignore), {
    documents: documents.length,
    references,
  });
}

/** Documents that are looked at where nobody says otherwise: what folders say of themselves counts too. */
const documentsOf = ['**/[rR][eE][aA][dD][mM][eE].[mM][dD]', ...defaultDocuments];

/** Documents between which others get their turn, and a caller can end it. */
const documentsAtOnce = 64;

async function readAll(ports: GatePorts, paths: ReadonlySet<string>): Promise<ReadDocument[]> {
  const documents: ReadDocument[] = [];
  for (const path of paths) {
    if (isAlias(ports, path, paths)) continue;
    documents.push(readReferences(ports, path));
    if (documents.length % documentsAtOnce !== 0) continue;
    await new Promise(setImmediate);
    ports.signal.throwIfAborted();
  }
  return documents;
}

function openView(
  ports: GatePorts,
  files: ReadonlySet<string>,
  documents: readonly ReadDocument[],
): RepositoryView {
  const { kindOf, namesIn } = createRepositoryPaths(ports.fs, ports.root);
  const { near, all } = createPackageScriptsReader(ports, files);
  const anchors = new Map(documents.map((document) => [document.path, anchorsIn(document)]));
  return {
    files,
    kindOf,
    namesIn,
    pipelineIds: new Set(ports.pipelineIds()),
    localFolders: localFolders(ports),
    scriptsNear: near,
    allScripts: all,
    anchorsOf: (path) => {
      const known = anchors.get(path);
      if (known !== undefined) return known;
      const read = anchorsIn(readReferences(ports, path));
      anchors.set(path, read);
      return read;
    },
  };
}

function anchorsIn({ anchors, problems }: ReadDocument): ReadonlySet<string> | null {
  return problems.length > 0 ? null : anchors;
}

function localFolders({ root, runsDir, outDir }: GatePorts): string[] {
  const configured = [runsDir, outDir].map((folder) => relative(root, folder).split(sep).join('/'));
  const inside = configured.filter((folder) => folder !== '' && !folder.startsWith('..'));
  return [...new Set(['.git', '.runs', 'out', 'archives', 'node_modules', 'dist', ...inside])];
}

function withoutIgnored(problems: readonly Problem[], globs: readonly string[]): Problem[] {
  const isIgnored = matchGlobs(globs);
  return problems.filter(({ reference }) => !isIgnored(reference));
}

function conclude(problems: readonly Problem[], facts: GateFacts): GateResult {
  const passes = problems.length === 0;
  const said = problems.map(({ file, rule, reference }) => `${file}: ${rule}: ${reference}`);
  const lines = [...new Set(said)];
  return {
    gate: 'docs-check',
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings: problems.map(({ rule, file, line, message, fix }) => ({
      ...{ rule, file, line, message, fix },
    })),
    lines: passes ? ['✅ docs:check: OK'] : [...lines, `❌ docs:check: ${lines.length} error(s)`],
    facts,
    override: null,
    warnings: [],
    written: [],
  };
}

/** Documents that were asked for and are not there are no documents without fault. */
function withoutDocuments(asked: readonly string[] | undefined): GateResult {
  const facts = { documents: 0, references: 0 };
  if (asked === undefined) {
    const lines = ['docs:check: there are no documents'];
    return { ...conclude([], facts), outcome: 'not_applicable', lines };
  }
  const reference = asked.join(' ');
  const result = conclude([], facts);
  return {
    ...result,
    outcome: 'failed',
    passes: false,
    findings: [
      {
        rule: 'documents-missing',
        file: null,
        line: null,
        message: `No file matches ${JSON.stringify(asked)}`,
        fix: null,
      },
    ],
    lines: [`documents-missing: ${reference}`, '❌ docs:check: 1 error(s)'],
  };
}
