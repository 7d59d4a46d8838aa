/** What a document says about something else. Every kind is looked up in its own way. */
export type Reference =
  ScriptReference | PipelineReference | PathReference | LinkReference | UndefinedLabel;

interface ReferenceBase {
  /** As people find it in the document, in one line. */
  readonly text: string;
  readonly line: number;
}

/** `npm run <script>`. */
export interface ScriptReference extends ReferenceBase {
  readonly kind: 'script';
  readonly tool: 'npm' | 'pnpm' | 'yarn';
  /** The scripts that it can mean: one of them is enough. */
  readonly scripts: readonly string[];
  /** Whether it is run in another folder than the document's. */
  readonly isElsewhere: boolean;
}

/** `codex-orchestrator start <id>`. */
export interface PipelineReference extends ReferenceBase {
  readonly kind: 'pipeline';
  readonly id: string;
}

/** A path in backticks, relative to the root or to the document. */
export interface PathReference extends ReferenceBase {
  readonly kind: 'path';
  /** The paths that it can mean: one of them is enough. */
  readonly paths: readonly string[];
}

/** A link or an image that leads to something in the repository. */
export interface LinkReference extends ReferenceBase {
  readonly kind: 'link';
  /** Decoded; empty for the document itself, with a `/` at its beginning relative to the root. */
  readonly path: string;
  /** Decoded, without `#`; null without one that can be looked up. */
  readonly anchor: string | null;
}

/** `[text][label]` without a definition. */
export interface UndefinedLabel extends ReferenceBase {
  readonly kind: 'undefined';
  readonly label: string;
}
