import type { PackageScripts } from './package-scripts.js';
import type { PathKind } from './repository-paths.js';

/** What references are held against. */
export interface RepositoryView {
  /** Files that git knows or would add. */
  readonly files: ReadonlySet<string>;
  readonly pipelineIds: ReadonlySet<string>;
  /** Folders of what is built, installed or recorded, which documents may name without it being there. */
  readonly localFolders: readonly string[];
  readonly kindOf: (path: string) => PathKind;
  readonly namesIn: (folder: string) => ReadonlySet<string>;
  /** Null for a document that cannot be read. */
  readonly anchorsOf: (document: string) => ReadonlySet<string> | null;
  readonly scriptsNear: (document: string) => readonly PackageScripts[];
  readonly allScripts: () => readonly PackageScripts[];
}
