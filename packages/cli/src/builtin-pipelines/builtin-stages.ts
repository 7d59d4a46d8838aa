import { checks } from './command-rules.js';
import type { Check, Ecosystem, FoundCommand } from './command-rules.js';

/** A stage as it stands in a `codex.orchestrator.json`: only what differs from the defaults. */
export type BuiltinStage = CommandStage | GateStage | LoopStage;

interface StageBase {
  readonly id: string;
  readonly title: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly allowFailure?: true;
  readonly needs?: readonly string[];
}

interface CommandStage extends StageBase {
  readonly kind: 'command';
  readonly command: string;
}

interface GateStage extends StageBase {
  readonly kind: 'gate';
  readonly gate: string;
  readonly dryRun?: true;
}

interface LoopStage extends StageBase {
  readonly kind: 'rlm';
}

/** What a gate stage says beside its gate. */
export type GateOptions = Pick<GateStage, 'allowFailure' | 'dryRun' | 'env' | 'needs'>;

/** A gate whose stage has its name. Gates read what is there: without needs of their own they begin at once. */
export function gateStage(gate: string, { needs = [], ...options }: GateOptions = {}): GateStage {
  const title = gate.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
  return { kind: 'gate', id: gate, title, gate, ...options, needs };
}

const checkTitles: Readonly<Record<Check, string>> = {
  build: 'Build',
  lint: 'Lint',
  typecheck: 'Typecheck',
  test: 'Test',
};

const ecosystemTitles: Readonly<Record<Ecosystem, string>> = {
  node: 'Node',
  python: 'Python',
  go: 'Go',
  rust: 'Rust',
  make: 'make',
  just: 'just',
};

/**
 * One stage for each command: of a check the first has its name, such as `test`, and the others say of
 * what they are, such as `test-go`. Tests wait for the build of their own ecosystem, nothing else waits.
 */
export function commandStages(commands: readonly FoundCommand[]): readonly CommandStage[] {
  return checks.flatMap((check) =>
    commands.filter((found) => found.check === check).map((found) => commandStage(found, commands)),
  );
}

/** The id of the stage that runs a command. */
export function stageIdOf(
  { check, ecosystem }: FoundCommand,
  commands: readonly FoundCommand[],
): string {
  return isFirst({ check, ecosystem }, commands) ? check : `${check}-${ecosystem}`;
}

function commandStage(found: FoundCommand, commands: readonly FoundCommand[]): CommandStage {
  const { check, ecosystem, command } = found;
  const suffix = isFirst(found, commands) ? '' : ` (${ecosystemTitles[ecosystem]})`;
  const builds = commands.filter(
    (other) => other.check === 'build' && other.ecosystem === ecosystem,
  );
  return {
    kind: 'command',
    id: stageIdOf(found, commands),
    title: `${checkTitles[check]}${suffix}`,
    command,
    needs: check === 'test' ? builds.map((build) => stageIdOf(build, commands)) : [],
  };
}

function isFirst(
  { check, ecosystem }: Pick<FoundCommand, 'check' | 'ecosystem'>,
  commands: readonly FoundCommand[],
): boolean {
  return commands.find((other) => other.check === check)?.ecosystem === ecosystem;
}
