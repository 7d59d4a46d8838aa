import type { FileSystem } from '@codex-orchestrator/core';

/**
 * A promise that the gate holds the built packages to. A file `packages/<name>/bench/<promise>.bench.mjs`
 * exports one as `guard`; it imports nothing of the workspace, as what it measures is handed to it: once
 * as it is now and, where two builds are compared, once as it was.
 */
export type Guard = ExactGuard | GrowthGuard | MemoryGuard | TimeGuard;

export type GuardKind = Guard['kind'];

interface Promised {
  /** What holds, in one sentence, as reports print it. */
  readonly promise: string;
}

/** Whole numbers of one measurement that are the same each time: `{ writes: 1, renames: 1 }`. */
export type Counts = Readonly<Record<string, number>>;

/** Counted once. More than the budget fails; less says that the budget can be lowered. */
export interface ExactGuard extends Promised {
  readonly kind: 'exact';
  /** The most of each count; every count named here must be measured. Others are shown only. */
  readonly budget: Counts;
  readonly measure: (context: GuardContext) => Promise<Counts>;
}

/**
 * How a cost grows with the size of what is there: cost ~ size ^ exponent. Counts are taken once per size;
 * processor time in rounds over all sizes.
 */
export interface GrowthGuard<State = unknown> extends Promised {
  readonly kind: 'growth';
  /** `counts`: `measure` resolves to them. `cpu`: the processor time of `measure` is taken. */
  readonly cost: 'counts' | 'cpu';
  /** Ascending, at least three, from the smallest to the largest at least a factor of ten. */
  readonly sizes: readonly [number, number, number, ...number[]];
  /** The exponent that is promised: 0 where size costs nothing, 1 where cost is in proportion. */
  readonly exponent: number;
  /** Not measured. Called once per size, each with a folder of its own. */
  readonly prepare: (context: GuardContext, size: number) => Promise<State>;
  readonly measure: (state: State) => Promise<Counts | undefined> | Counts | undefined;
}

/** What the peak of a process grows by per byte of its input. */
export interface MemoryGuard extends Promised {
  readonly kind: 'memory';
  /** Ascending; the largest at least 50 MB. */
  readonly inputBytes: readonly [number, number, ...number[]];
  /** Bytes of peak memory per byte of input that are allowed. */
  readonly slope: number;
  /** Makes the input, in this process; resolves to what `consume` needs to find it, as JSON. */
  readonly prepare: (context: GuardContext, bytes: number) => Promise<unknown>;
  /** Runs in a fresh process. */
  readonly consume: (context: GuardContext, input: unknown) => Promise<void>;
}

/** Processor time of one call, base and candidate in turns. */
export interface TimeGuard<State = unknown> extends Promised {
  readonly kind: 'time';
  /**
   * `call`: the processor time of `run` in this process. `process`: `run` starts a process of the build
   * with `context.runCli` and resolves to what that cost.
   *
   * @default 'call'
   */
  readonly sample?: 'call' | 'process';
  /** Called once per build and process. */
  readonly prepare: (context: GuardContext) => Promise<State>;
  /**
   * Does the same work each time. What it returns must come to the same with both builds: a wrong answer
   * is no faster. With `sample: 'process'` it is the `ProcessRun`.
   */
  readonly run: (state: State) => unknown;
}

/** What a guard reaches the build under test, its data and the machine through. */
export interface GuardContext {
  /**
   * The module that the build under test has under this name, such as `@codex-orchestrator/core` or
   * `@codex-orchestrator/core/ports`.
   *
   * @throws Error where the build has none: the guard is then `new` for that build.
   */
  readonly load: (specifier: string) => Promise<Readonly<Record<string, unknown>>>;
  /** A fresh, empty folder, removed afterwards. */
  readonly folder: string;
  readonly data: Datasets;
  /** The real file system, with a count of what goes through it. */
  readonly countFiles: () => FileCounter;
  /** Runs the built command line, or any Node program, as a process, and counts what it did. */
  readonly runCli: (args: readonly string[], options?: RunCliOptions) => Promise<ProcessRun>;
}

export interface FileCounter {
  readonly fs: FileSystem;
  /** So far. */
  readonly counts: () => FileCounts;
}

/** Calls of the `FileSystem` port and what they moved. */
export interface FileCounts extends Counts {
  readonly calls: number;
  readonly opens: number;
  readonly reads: number;
  readonly bytesRead: number;
  readonly writes: number;
  readonly bytesWritten: number;
  readonly renames: number;
  readonly fsyncs: number;
  readonly unlinks: number;
}

export interface RunCliOptions {
  /** @default the folder of the context */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are fine. @default [0] */
  readonly exitCodes?: readonly number[];
  /** A Node program to start instead of the command line. */
  readonly program?: string;
}

/** What a process did, counted from inside it. */
export interface ProcessRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Processor time of the process, without its children, in milliseconds. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Peak of its memory in bytes; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /**
   * Calls of node:fs whose path or descriptor lies under `cwd`, children spawned, files of program text that
   * were loaded and built-in modules that were asked for.
   */
  readonly counts: FileCounts & {
    readonly spawns: number;
    readonly modulesLoaded: number;
    /** Of the files of program text that were loaded. */
    readonly programBytes: number;
    readonly builtinsLoaded: number;
  };
  /** Writes and bytes by file name, such as `manifest.json`; a file that took its name by a rename counts under the new one. */
  readonly byFile: Readonly<Record<string, { readonly writes: number; readonly bytes: number }>>;
}

/**
 * Data made from a seed, the same bytes on every machine and every Node, kept outside of the repository.
 * Each resolves to the path of a file or folder that nobody may change: copy it first.
 */
export interface Datasets {
  /** A `metrics.json`. */
  readonly history: (options: HistoryOptions) => Promise<Dataset>;
  /** An `experiences.jsonl`. */
  readonly experiences: (options: ExperiencesOptions) => Promise<Dataset>;
  /** A `.runs` folder of a task with so many sealed runs. */
  readonly runs: (options: RunsOptions) => Promise<Dataset>;
  /** Output of a program: text of so many bytes, with secrets, colours and long lines in it. */
  readonly output: (options: OutputOptions) => Promise<Dataset>;
  /** A `codex.orchestrator.json` with a pipeline `bench` of so many stages that do nothing. */
  readonly stages: (options: StagesOptions) => Promise<Dataset>;
}

export interface Dataset {
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** `compact`: what counts in as few bytes as it can. `realistic`: as programs write it. `hostile`: with damage. */
export type Variant = 'compact' | 'realistic' | 'hostile';

export interface HistoryOptions {
  readonly lines: number;
  /** @default 'realistic' */
  readonly variant?: Variant;
  /** @default 1 */
  readonly seed?: number;
}

export interface ExperiencesOptions extends HistoryOptions {
  /** @default 20 */
  readonly domains?: number;
}

export interface RunsOptions {
  readonly runs: number;
  /** @default 3 */
  readonly stages?: number;
  /** @default 1 */
  readonly seed?: number;
}

export interface OutputOptions {
  readonly bytes: number;
  /** @default 'realistic' */
  readonly variant?: Variant;
  /** @default 1 */
  readonly seed?: number;
}

export interface StagesOptions {
  readonly stages: number;
}
