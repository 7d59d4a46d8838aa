import { expect, test } from 'vitest';

import { configJsonSchema } from '../src/index.js';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, MemberSchema>>;
  readonly required?: readonly string[];
}

interface MemberSchema extends Partial<ObjectSchema> {
  readonly type?: string;
  readonly const?: string;
  readonly description?: string;
}

const sections = [
  ['Pipeline', 'pipeline'],
  ['Command stage', 'commandStage'],
  ['Subpipeline stage', 'subpipelineStage'],
  ['Loop stage', 'loopStage'],
  ['Gate stage', 'gateStage'],
  ['Stage-set reference', 'stageSetReference'],
  ['Experiences', 'experiences'],
  ['Experience rule', 'experienceRule'],
] as const;

test('the document of the configuration is the one that follows from the schema', async () => {
  const schema = configJsonSchema() as unknown as ObjectSchema & {
    readonly definitions: Readonly<Record<string, ObjectSchema>>;
  };
  const text = [
    '# Configuration',
    '',
    'Generated from `packages/pipeline/src/config-schema.ts`: run `npx vitest run -u` there.',
    '',
    'A repository names its pipelines in `codex.orchestrator.json` at its root. With `$schema` set to the',
    'JSON Schema that `@codex-orchestrator/pipeline` ships as `schema/codex.orchestrator.schema.json`, an',
    'editor completes and checks the file. Unknown members are warned about and ignored.',
    '',
    '## File',
    '',
    ...table(schema),
    ...sections.flatMap(([title, name]) => {
      const definition = schema.definitions[name];
      if (!definition) throw new Error(`The schema has no definition of ${name}`);
      return ['', `## ${title}`, '', ...table(definition)];
    }),
    ...gateSections(schema.definitions['gates']),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../../docs/configuration.md');
});

/** The members of the section `gates` have members of their own. */
function gateSections(gates: ObjectSchema | undefined): string[] {
  if (!gates) throw new Error('The schema has no definition of gates');
  const each = Object.entries(gates.properties).flatMap(([name, { description, properties }]) => {
    if (!properties) throw new Error(`The schema does not say what ${name} has`);
    return ['', `### ${name}`, '', description ?? '', '', ...table({ properties })];
  });
  return [
    '',
    '## Gates',
    '',
    'The section `gates`: each gate by its name, all of them optional.',
    ...each,
  ];
}

function table({ properties, required = [] }: ObjectSchema): string[] {
  const rows = Object.entries(properties).map(([name, member]) => {
    const cells = [`\`${name}\``, typeOf(member), required.includes(name) ? 'yes' : ''];
    return `| ${[...cells, (member.description ?? '').replaceAll('|', '\\|')].join(' | ')} |`;
  });
  return ['| member | type | required | meaning |', '| --- | --- | --- | --- |', ...rows];
}

function typeOf({ type, const: value }: MemberSchema): string {
  return value === undefined ? (type ?? 'see schema') : `\`"${value}"\``;
}
