import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { builtinPipeline, builtinPipelineIds } from '../src/builtin-pipelines/builtin-config.js';
import type { BuiltinStage } from '../src/builtin-pipelines/builtin-stages.js';
import { checks, commandRules } from '../src/builtin-pipelines/command-rules.js';
import type { CommandRule, FoundCommand } from '../src/builtin-pipelines/command-rules.js';
import type { RepositoryFiles } from '../src/builtin-pipelines/repository-files.js';

const document = await readFile(new URL('../../../docs/pipelines.md', import.meta.url), 'utf8');

test.each(builtinPipelineIds)('the document has the stages of %s', (id) => {
  const commands = checks.map((check): FoundCommand => {
    return { check, ecosystem: 'node', command: 'x', origin: 'x' };
  });
  const { stages } = builtinPipeline(id, commands);
  const [, section = ''] = document.split(`\n## ${id}\n`);
  const [text = ''] = section.split('\n## ');
  expect(rowsOf(text)).toStrictEqual(stages.map((stage, at) => describe(stage, at, stages)));
});

test('the document has the rules that commands are found by, in their order', () => {
  const documented = detectionRows().map(([ecosystem, check, , command = '']) => ({
    ...{ ecosystem, check },
    command: command.replaceAll('`', ''),
  }));
  const rules = commandRules().map((rule) => {
    const { ecosystem, check } = rule;
    return { ecosystem, check, command: commandOf(rule) };
  });
  expect(documented).toStrictEqual(rules);
});

test('each sign in the document is one by which the command is found', () => {
  const rules = commandRules();
  for (const [at, [, , signs = '', command = '']] of detectionRows().entries()) {
    for (const sign of codeIn(signs)) {
      const found = rules[at]?.find(filesWith(sign));
      const name = sign.split(/[ .]/).at(-1) ?? '';
      const meant = command.replaceAll('`', '').replace(/<\w+>/, name);
      // In a workspace it says so.
      expect([sign, found?.command.replace(' --workspace', '')]).toStrictEqual([sign, meant]);
    }
  }
});

test('the document names every file that is looked at', () => {
  const asked = new Set<string>();
  const nothing: RepositoryFiles = {
    root: '/',
    unreadable: new Map(),
    has: (name) => {
      asked.add(name);
      return name === 'go.mod' || name === 'Cargo.toml';
    },
    text: (name) => {
      asked.add(name);
      return '';
    },
  };
  for (const rule of commandRules()) rule.find(nothing);
  const named = new Set(codeIn(document).map((code) => code.split(' ')[0]));
  expect([...asked].filter((name) => !named.has(name))).toStrictEqual([]);
});

function describe(stage: BuiltinStage, at: number, stages: readonly BuiltinStage[]): string[] {
  const { id, needs = [] } = stage;
  const before = stages.slice(0, at).map((other) => other.id);
  const isAll = needs.length > 0 && needs.join() === before.join();
  return [
    `\`${id}\``,
    runs(stage),
    isAll ? 'all above' : needs.map((need) => `\`${need}\``).join(', ') || '-',
    besides(stage).join(', '),
  ];
}

function runs(stage: BuiltinStage): string {
  if (stage.kind === 'gate') return `gate \`${stage.gate}\``;
  return stage.kind === 'rlm' ? 'agent loop' : 'what was found';
}

/** A value of several words is described below the table. */
function besides(stage: BuiltinStage): string[] {
  const variables = Object.entries(stage.env ?? {}).map(([name, value]) =>
    value.includes(' ') ? name : `${name}=${value}`,
  );
  const isDry = stage.kind === 'gate' && stage.dryRun === true;
  const flags = [...(isDry ? ['dryRun'] : []), ...(stage.allowFailure ? ['allowFailure'] : [])];
  return [...variables, ...flags].map((word) => `\`${word}\``);
}

function detectionRows(): string[][] {
  const [, table = ''] = /<!-- detection -->(.*)<!-- \/detection -->/s.exec(document) ?? [];
  return rowsOf(table);
}

/** The cells of the rows of the first table in a text. */
function rowsOf(text: string): string[][] {
  const [, , ...rows] = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** The command of a rule, by what it finds where every file is there and has everything in it. */
function commandOf({ ecosystem, find }: CommandRule): string {
  const { command = '' } = find(everything) ?? {};
  if (ecosystem === 'node') return command.replace(/[\w-]+$/, '<script>');
  const isTarget = ecosystem === 'make' || ecosystem === 'just';
  return isTarget ? command.replace(/[\w-]+$/, '<target>') : command;
}

const sections = [
  ...['tool.ruff', 'tool.mypy', 'tool.pyright', 'tool.pytest', 'tool.tox', 'tool:pytest'],
  ...['flake8', 'mypy', 'pytest', 'tox', 'testenv', 'lints.clippy'],
];
const targets = ['build', 'lint', 'typecheck', 'test'];

const everything: RepositoryFiles = {
  root: '/',
  unreadable: new Map(),
  has: (name) => !name.includes('lock'),
  text: (name) => {
    if (name === 'package.json') return packageWith(targets);
    return /make|just/i.test(name)
      ? targets.map((target) => `${target}:\n`).join('')
      : sections.map((section) => `[${section}]\n`).join('');
  },
};

/** A root with nothing in it but one sign, and what that is of no use without. */
function filesWith(sign: string): RepositoryFiles {
  const [name = '', rest = ''] = sign.split(' ');
  const basis = name.includes('golangci')
    ? 'go.mod'
    : name.includes('clippy')
      ? 'Cargo.toml'
      : name;
  const script = rest.replace('scripts.', '');
  const text = rest.startsWith('[')
    ? rest
    : name === 'package.json'
      ? packageWith([script])
      : `${rest}:`;
  return {
    root: '/',
    unreadable: new Map(),
    has: (wanted) => wanted === name || wanted === basis,
    text: (wanted) => (wanted === name ? text : ''),
  };
}

function packageWith(scripts: readonly string[]): string {
  return JSON.stringify({ scripts: Object.fromEntries(scripts.map((name) => [name, 'x'])) });
}
