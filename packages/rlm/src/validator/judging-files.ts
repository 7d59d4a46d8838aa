import { posix } from 'node:path';

import { sha256Hex } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { commandWords } from './command-words.js';
import { justfilePattern } from './detection-rules.js';
import { objectMember, viewRoot } from './root-view.js';
import type { RootView } from './root-view.js';
import { baseName, findScriptRun, foldersOfOptions } from './script-runs.js';
import { isJudgingWord } from './judging-words.js';
import type { Validator } from './validator.js';

/** What decides, besides the product itself, what validators say. */
export interface JudgingFiles {
  /** Paths that may be files, relative to the root with `/`. */
  readonly paths: ReadonlySet<string>;
  /** Digests of members of JSON files, by `package.json#scripts`. */
  readonly members: ReadonlyMap<string, string>;
}

/**
 * What the commands of validators go by, named in them and in the scripts of a `package.json`: programs,
 * scripts and tests, the scripts of the package by value, and the configuration of the tools that are called.
 * Files that are only looked at, as by a linter, are the product; what those files name in turn is not looked
 * at.
 */
export function findJudgingFiles(
  validators: readonly Pick<Validator, 'command'>[],
  root: string,
  fs: FileSystem,
): JudgingFiles {
  const search = new Search(root, fs);
  for (const { command } of validators) search.addCommand(commandWords(command));
  return search.finish();
}

/** Files that a tool is configured by, in the folder that it runs in. */
const configurations: Readonly<Record<string, RegExp>> = {
  bun: /^bunfig\.toml$/,
  jest: /^jest\.config\.[a-z]+$/,
  just: justfilePattern,
  make: /^(?:GNUm|m|M)akefile$/,
  mocha: /^\.mocharc\.[a-z]+$/,
  // `script-shell` in it decides what runs the scripts.
  npm: /^\.npmrc$/,
  nx: /^nx\.json$/,
  pnpm: /^(?:\.npmrc|\.pnpmfile\.[a-z]+|pnpm-workspace\.yaml)$/,
  pytest: /^(?:\.?pytest\.(?:ini|toml)|conftest\.py)$/,
  vitest: /^vitest\.(?:config|workspace)\.[a-z]+$/,
  yarn: /^\.yarnrc(?:\.yml)?$/,
};

/** They start scripts by names that cannot be read off their arguments. */
const scriptRunners = /^(?:run-[sp]|npm-run-all2?|concurrently|wireit|turbo|lerna|wsrun|zx)$/;

/** What a script reads from there was built from the product, which is there to be changed. */
const outputFolder = /^(?:dist|build|out|target|coverage|\.next)\//;

class Search {
  readonly #root: string;
  readonly #fs: FileSystem;
  readonly #paths = new Set<string>();
  readonly #members = new Map<string, string>();
  /** Names of the scripts that run, by the folder of their `package.json`. */
  readonly #scripts = new Map<string, Set<string>>();
  readonly #views = new Map<string, RootView>();

  constructor(root: string, fs: FileSystem) {
    this.#root = root;
    this.#fs = fs;
  }

  addCommand(commands: readonly (readonly string[])[], start = '.', isScript = false): void {
    let folder = start;
    for (const words of commands) {
      if (words[0] === 'cd') folder = posix.join(folder, words[1] ?? '.');
      else {
        const folders = foldersOfOptions(words).map((name) => posix.join(folder, name));
        for (const each of [folder, ...folders]) this.#addWords(words, each, isScript);
      }
    }
  }

  finish(): JudgingFiles {
    for (const [folder, names] of this.#scripts) {
      const scripts = objectMember(this.#view(folder).packageJson, 'scripts');
      const used = [...names].sort().flatMap((name) => {
        return Object.hasOwn(scripts, name) ? [[name, scripts[name]]] : [];
      });
      if (used.length > 0) this.#addMember(folder, 'scripts', used);
    }
    return { paths: this.#paths, members: this.#members };
  }

  #addWords(words: readonly string[], folder: string, isScript: boolean): void {
    if (!isInside(folder)) return;
    for (const [index, word] of words.entries()) {
      const path = posix.normalize(posix.join(folder, word.slice(word.indexOf('=') + 1)));
      const isPath = isInside(path) && !(isScript && outputFolder.test(path));
      if (isPath && isJudgingWord(words, index)) this.#paths.add(path);
      this.#addTool(baseName(word), folder);
    }
    this.#addScripts(words, folder);
  }

  #addTool(tool: string, folder: string): void {
    if (!Object.hasOwn(configurations, tool)) return;
    const pattern = configurations[tool];
    if (!pattern) return;
    for (const name of this.#view(folder).matching(pattern)) {
      this.#paths.add(posix.join(folder, name));
    }
    const member = this.#view(folder).packageJson?.[tool];
    if ((tool === 'jest' || tool === 'mocha') && member !== undefined) {
      this.#addMember(folder, tool, member);
    }
  }

  #addScripts(words: readonly string[], folder: string): void {
    const scripts = objectMember(this.#view(folder).packageJson, 'scripts');
    const script = findScriptRun(words, scripts);
    const hidden = words.some((word) => scriptRunners.test(baseName(word)));
    const names = script === undefined ? [] : [`pre${script}`, script, `post${script}`];
    for (const name of hidden ? Object.keys(scripts) : names) {
      this.#addScript(name, scripts[name], folder);
    }
  }

  #addScript(name: string, line: unknown, folder: string): void {
    const known = this.#scripts.get(folder) ?? new Set();
    if (known.has(name)) return;
    this.#scripts.set(folder, known.add(name));
    if (typeof line === 'string') this.addCommand(commandWords(line), folder, true);
  }

  #addMember(folder: string, name: string, value: unknown): void {
    const key = `${posix.join(folder, 'package.json')}#${name}`;
    this.#members.set(key, `json:${sha256Hex(JSON.stringify(value))}`);
  }

  #view(folder: string): RootView {
    const known = this.#views.get(folder);
    if (known) return known;
    const view = viewRoot(posix.join(this.#root, folder), this.#fs);
    this.#views.set(folder, view);
    return view;
  }
}

function isInside(path: string): boolean {
  return !posix.isAbsolute(path) && path !== '..' && !path.startsWith('../');
}
