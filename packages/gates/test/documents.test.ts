import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { gateNames } from '../src/index.js';

const document = await readFile(new URL('../../../docs/gates.md', import.meta.url), 'utf8');

test('every gate has a section in the document, in their order, and a row in the overview', () => {
  const isGate = (name: string): boolean => gateNames.some((gate) => gate === name);
  expect([...sections().keys()].filter(isGate)).toStrictEqual(gateNames);
  const rows = [...document.matchAll(/^\| \[([\w-]+)\]\(#/gm)].map(([, name]) => name);
  expect(rows).toStrictEqual(gateNames);
});

test.each(gateNames)('the document has the rules of %s and no others', async (gate) => {
  const rules = [...(await rulesIn(gate)), ...(rulesOfPorts[gate] ?? [])];
  expect(namesIn(gate, 'rule').sort()).toStrictEqual(rules.sort());
});

test.each(gateNames)('the document has the settings of %s in their order', async (gate) => {
  const schema = JSON.parse(await readFile(schemaPath, 'utf8')) as ConfigSchema;
  const settings = schema.definitions.gates.properties[gate]?.properties ?? {};
  expect(namesIn(gate, 'setting')).toStrictEqual(Object.keys(settings));
});

const schemaPath = new URL('../../pipeline/schema/codex.orchestrator.schema.json', import.meta.url);

interface ConfigSchema {
  readonly definitions: {
    readonly gates: {
      readonly properties: Readonly<Record<string, { readonly properties: object }>>;
    };
  };
}

/** What the command line finds through the ports that it gives to gates. */
const rulesOfPorts: Readonly<Record<string, readonly string[]>> = {
  review: ['review-finding'],
  'instruction-stamps': [
    'file-empty',
    'file-missing',
    'file-unusable',
    'stamp-missing',
    'stamp-wrong',
  ],
};

/** Other words with a dash that stand between quotes in the source of gates. */
const noRules: ReadonlySet<string> = new Set([
  ...gateNames,
  'invalid-task',
  'no-index',
  'no-task',
  'not-reviewed',
  'rev-parse',
  'too-large',
  'top-level',
  'unknown-task',
]);

/** Every rule in the folder of a gate; a word that is none has to be named above. */
async function rulesIn(gate: string): Promise<string[]> {
  const folder = new URL(`../src/${gate}/`, import.meta.url);
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  const source = texts.join('\n').replaceAll(/^import .*$/gm, '');
  const words = [...source.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, word = '']) => word);
  // The one rule that is put together of parts.
  const put = source.includes('`too-many-${what}`') ? ['too-many-files', 'too-many-lines'] : [];
  return [...new Set([...words, ...put])].filter((word) => !noRules.has(word));
}

function sections(): Map<string, string> {
  const parts = document.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

/** The first column of a table of a section, by the heading of that column. */
function namesIn(section: string, heading: string): string[] {
  const text = sections().get(section) ?? '';
  const [, table = ''] = new RegExp(`^\\| ${heading} .*\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? [];
  return [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = '']) => name);
}
