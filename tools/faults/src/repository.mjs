import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { launch } from './launch.mjs';
import { until } from './until.mjs';

/**
 * @typedef {object} Stage
 * @property {string} id
 * @property {string | string[]} [command] Replaces the usual one.
 * @property {boolean} [gated] Stops in its middle until `open` is called.
 * @property {string} [work] What the usual command does in its middle, as shell.
 * @property {Record<string, unknown>} [more] Further members of its configuration.
 *
 * @typedef {object} Run A run as it lies on disk.
 * @property {string} id
 * @property {string} folder
 */

/**
 * A temporary repository whose stages leave marks of their own, outside of the record: what really
 * happened, for comparison with what the record says. The marks are not synced, as the page cache
 * outlives every process that is killed here.
 */
export class Repository {
  /** Everything of this case lies here. */
  folder;
  /** Where the command line is called. */
  root;
  #marks;
  #commandLine;

  /**
   * @param {import('./command-line.mjs').CommandLine} commandLine
   * @param {readonly Stage[]} stages
   * @param {{ root?: string, pipeline?: Record<string, unknown> }} [options] `root` puts the repository
   *   itself somewhere else, such as on another file system than the marks.
   */
  constructor(commandLine, stages, options = {}) {
    this.#commandLine = commandLine;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'faults-')));
    this.root = options.root ?? join(this.folder, 'repository');
    this.#marks = join(this.folder, 'marks');
    for (const path of [this.root, this.#marks, join(this.folder, 'home')]) {
      mkdirSync(path, { recursive: true });
    }
    for (const { id } of stages.filter(({ gated }) => gated)) {
      execFileSync('mkfifo', [this.#mark(id, 'gate')]);
    }
    this.configure(stages, options.pipeline);
  }

  /**
   * @param {readonly Stage[]} stages
   * @param {Record<string, unknown>} [pipeline]
   */
  configure(stages, pipeline = {}) {
    const entry = {
      id: 'faults',
      title: 'Faults',
      guardrailsRequired: false,
      stages: stages.map(describeStage),
      ...pipeline,
    };
    const config = {
      defaultPipeline: 'faults',
      experiences: { record: [{}] },
      pipelines: [entry],
    };
    writeFileSync(
      join(this.root, 'codex.orchestrator.json'),
      `${JSON.stringify(config, null, 2)}\n`,
    );
  }

  /** @returns {NodeJS.ProcessEnv} Nothing of the surroundings: the suite may itself run as a stage. */
  get env() {
    return {
      PATH: process.env.PATH,
      HOME: join(this.folder, 'home'),
      MARKS: this.#marks,
      NODE_DISABLE_COMPILE_CACHE: '1',
    };
  }

  /**
   * Starts the command line here.
   *
   * @param {readonly string[]} args
   * @param {{ env?: NodeJS.ProcessEnv, wrap?: readonly string[], stdout?: 'pipe' | number, cwd?: string }} [options]
   *   `wrap` is a program and arguments that the call is put behind, such as a tracer.
   */
  start(args, { env = {}, wrap = [], stdout = 'pipe', cwd = this.root } = {}) {
    return launch([...wrap, ...this.#commandLine.argv, ...args], {
      cwd,
      env: { ...this.env, ...env },
      stdout,
    });
  }

  /**
   * Calls the command line here and waits for its end.
   *
   * @param {readonly string[]} args
   * @param {{ env?: NodeJS.ProcessEnv, wrap?: readonly string[], cwd?: string }} [options]
   */
  async call(args, options) {
    const { exitCode, signal, stdout, stderr } = await this.start(args, options).ended;
    return { exitCode, signal, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
  }

  /**
   * Resolves when a gated stage has reached its middle, with the folder of the run that it is part of.
   *
   * @param {string} id
   * @returns {Promise<string>}
   */
  reached(id) {
    return until(`stage ${id} to reach its gate`, () => {
      const path = this.#mark(id, 'reached');
      return existsSync(path) && readFileSync(path, 'utf8').trim();
    });
  }

  /**
   * Lets a gated stage go on.
   *
   * @param {string} id
   */
  async open(id) {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK;
    const gate = await until(`stage ${id} to wait at its gate`, () =>
      openIfRead(this.#mark(id, 'gate'), flags),
    );
    writeSync(gate, 'go\n');
    closeSync(gate);
  }

  /**
   * Makes a gated stage stop again when it runs once more.
   *
   * @param {string} id
   */
  close(id) {
    rmSync(this.#mark(id, 'reached'), { force: true });
  }

  /**
   * How often a stage has really started and reached its end.
   *
   * @param {string} id
   * @returns {{ starts: number, ends: number }}
   */
  marksOf(id) {
    const path = this.#mark(id, 'log');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const count = (/** @type {string} */ word) => lines.filter((line) => line === word).length;
    return { starts: count('start'), ends: count('end') };
  }

  /** @returns {Run[]} Every run that readers see, of every task. */
  runs() {
    return foldersIn(join(this.root, '.runs')).flatMap((task) =>
      foldersIn(join(task, 'cli'))
        .filter((folder) => !basename(folder).startsWith('.'))
        .map((folder) => ({ id: basename(folder), folder })),
    );
  }

  /** The folders that outlive a run: of runs, and of results. */
  kept() {
    return [join(this.root, '.runs'), join(this.root, 'out')];
  }

  /** Absolute paths of all files below them. */
  files() {
    return this.kept()
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
          join(folder, path),
        ),
      );
  }

  /** Runs that left an experience, once for each time. */
  recordedRuns() {
    return this.files()
      .filter((path) => basename(path) === 'experiences.jsonl')
      .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
      .flatMap((line) => /"runId":"([^"]+)"/.exec(line)?.[1] ?? []);
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * @param {string} id
   * @param {string} kind
   */
  #mark(id, kind) {
    return join(this.#marks, `${id}.${kind}`);
  }
}

/** @param {Stage} stage */
function describeStage({ id, command, gated = false, work = '', more = {} }) {
  const gate = `echo "$CODEX_ORCHESTRATOR_RUN_DIR" > "$MARKS/${id}.draft"
mv "$MARKS/${id}.draft" "$MARKS/${id}.reached"
read -r go < "$MARKS/${id}.gate"`;
  const usual = `echo start >> "$MARKS/${id}.log"
echo "output of ${id}"
${gated ? gate : work}
echo end >> "$MARKS/${id}.log"`;
  return { kind: 'command', id, title: id, command: command ?? usual, ...more };
}

/**
 * Opens a pipe for writing if somebody has it open for reading.
 *
 * @param {string} path
 * @param {number} flags
 */
function openIfRead(path, flags) {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (error.code === 'ENXIO') return undefined;
    throw error;
  }
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}
