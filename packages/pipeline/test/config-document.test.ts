import { expect, test } from 'vitest';

import { configJsonSchema } from '../src/index.js';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, MemberSchema>>;
  readonly required?: readonly string[];
}

interface MemberSchema {
  readonly type?: string;
  readonly const?: string;
  readonly description?: string;
}

const sections = [
  ['Pipeline', 'pipeline'],
  ['Command stage', 'commandStage'],
  ['Subpipeline stage', 'subpipelineStage'],
  ['Loop stage', 'loopStage'],
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
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../../docs/configuration.md');
});

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
