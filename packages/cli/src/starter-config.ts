/** What `init` found in a repository. */
export interface RepositoryFacts {
  /** `scripts` of package.json; empty without one. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Reference for editors, when the schema is installed here. */
  readonly schema: string | undefined;
}

/** The file that `init` writes: the fields that it fills, in the order in which people read them. */
export interface StarterConfig {
  readonly $schema?: string;
  readonly defaultPipeline: string;
  readonly pipelines: readonly StarterPipeline[];
}

interface StarterPipeline {
  readonly id: string;
  readonly title: string;
  readonly guardrailsRequired: false;
  readonly stages: readonly StarterStage[];
}

interface StarterStage {
  readonly kind: 'command';
  readonly id: string;
  readonly title: string;
  readonly command: string;
}

/** Scripts that check a repository, under the names that people give them, in the order to run them. */
const checks: readonly (readonly [id: string, title: string, scripts: readonly string[]])[] = [
  ['build', 'Build', ['build', 'compile']],
  ['lint', 'Lint', ['lint']],
  ['typecheck', 'Typecheck', ['typecheck', 'type-check', 'check-types', 'tsc']],
  ['test', 'Test', ['test']],
];

const placeholderTest = 'no test specified';

/** A configuration that runs what the repository already has, or one stage to replace. */
export function starterConfig(facts: RepositoryFacts): StarterConfig {
  const found = checks.flatMap((check) => detectStage(check, facts));
  const stages = found.length > 0 ? found : [placeholderStage];
  return {
    ...(facts.schema === undefined ? {} : { $schema: facts.schema }),
    defaultPipeline: 'diagnostics',
    pipelines: [{ id: 'diagnostics', title: 'Diagnostics', guardrailsRequired: false, stages }],
  };
}

const placeholderStage: StarterStage = {
  kind: 'command',
  id: 'hello',
  title: 'Replace this stage with your own checks',
  command: 'echo "Edit codex.orchestrator.json to run your own checks"',
};

function detectStage(
  [id, title, names]: (typeof checks)[number],
  { scripts, packageManager }: RepositoryFacts,
): StarterStage[] {
  const script = names.find((name) => isRealScript(scripts[name]));
  if (script === undefined) return [];
  return [{ kind: 'command', id, title, command: `${packageManager} run ${script}` }];
}

/** `npm init` writes a test script whose only job is to fail. */
function isRealScript(script: string | undefined): boolean {
  return script !== undefined && script !== '' && !script.includes(placeholderTest);
}
