/** The section `gates` of a configuration: what it leaves out has a default that fits most repositories. */
export interface GateSettings {
  readonly 'spec-guard'?: SpecGuardSettings;
  readonly 'docs-check'?: DocsCheckSettings;
  readonly 'docs-freshness'?: DocsFreshnessSettings;
  readonly 'diff-budget'?: DiffBudgetSettings;
  readonly 'delegation-guard'?: DelegationGuardSettings;
  readonly review?: ReviewSettings;
  readonly 'tasks-sync'?: TasksSyncSettings;
  readonly 'evidence-check'?: EvidenceCheckSettings;
  readonly 'instruction-stamps'?: InstructionStampsSettings;
}

/** All globs are relative to the root, match files that begin with a dot too, and `!` excludes. */
export interface SpecGuardSettings {
  /** Files whose change asks for the change of a spec. */
  readonly code?: readonly string[];
  /** Specs: each has to say when it was reviewed last. */
  readonly specs?: readonly string[];
  /** A file whose change counts as that of a spec. @default 'tasks/index.json' */
  readonly index?: string;
  /** Days after which a review of a spec is too old. @default 30 */
  readonly maxAgeDays?: number;
  /** Revision that changes are counted from. @default as `diff-budget` finds it */
  readonly base?: string;
}

export interface DocsCheckSettings {
  /** Documents to look at. @default Markdown in the root, docs, tasks, .agent, .ai-dev-tasks, and every README.md */
  readonly documents?: readonly string[];
  /** References that are left alone although they lead nowhere: globs over what they say. @default none */
  readonly ignoreReferences?: readonly string[];
  /** @default 'docs/TASKS.md' */
  readonly tasksFile?: string;
  /** Most lines of that file. @default that of docs/tasks-archive-policy.json, else 450 */
  readonly tasksMaxLines?: number;
}

export interface DocsFreshnessSettings {
  /** @default 'docs/docs-freshness-registry.json' */
  readonly registry?: string;
  /** Documents that have to be in it. @default Markdown in the root, docs, tasks, .agent and .ai-dev-tasks */
  readonly documents?: readonly string[];
  /** Days between reviews for what `--fix` adds. @default 90 */
  readonly cadenceDays?: number;
  /** Owner of what `--fix` adds. @default none: the entry has to be completed */
  readonly owner?: string;
}

export interface DiffBudgetSettings {
  /** @default 25 */
  readonly maxFiles?: number;
  /** Added and deleted lines together. @default 800 */
  readonly maxLines?: number;
  /** Files that do not count. */
  readonly ignore?: readonly string[];
  /** Revision that changes are counted from, after --base, BASE_SHA and DIFF_BUDGET_BASE. @default 'origin/main' */
  readonly base?: string;
  /** Largest file outside of git's index that is read. @default 1048576 */
  readonly maxUntrackedBytes?: number;
}

export interface DelegationGuardSettings {
  /** @default 'tasks/index.json' */
  readonly index?: string;
  /** Runs of subagents that a task needs. @default 1 */
  readonly minRuns?: number;
}

export interface ReviewSettings {
  /** Who reviews. @default the first agent installed */
  readonly agent?: 'claude' | 'codex' | 'command' | 'gemini' | 'opencode' | 'qwen';
  /** The agent's program, a name on the path or a path. */
  readonly program?: string;
  readonly agentArgs?: readonly string[];
  /** Line for the shell that runs the agent `command`. */
  readonly agentTemplate?: string;
  /** Milliseconds that a review may take. @default 900000 */
  readonly timeoutMs?: number;
  /** Most bytes of the prompt. @default 131072 */
  readonly maxPromptBytes?: number;
  /** Least severity of a finding that fails the gate. @default 'medium' */
  readonly failOn?: 'critical' | 'high' | 'low' | 'medium';
  /** Whether a review that nobody made lets the run go on. @default false */
  readonly allowUnreviewed?: boolean;
}

export interface TasksSyncSettings {
  /** @default 'tasks/index.json' */
  readonly index?: string;
  /** Folder of the mirrors, one file a task. @default '.agent/task' */
  readonly mirrors?: string;
  /** The file with a managed block for each task. @default 'docs/TASKS.md' */
  readonly tasksFile?: string;
}

export interface EvidenceCheckSettings {
  /** Documents whose `Evidence:` links are followed. @default tasks/tasks-*.md, docs/TASKS.md and .agent/task/*.md */
  readonly documents?: readonly string[];
}

export interface InstructionStampsSettings {
  /** Instruction files that have to be there and stamped. @default those that are there */
  readonly files?: readonly string[];
}
