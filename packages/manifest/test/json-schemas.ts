import { readFileSync } from 'node:fs';

import ts from 'typescript';
import * as z from 'zod/mini';

import { manifestSchema, runEventSchema } from '../src/index.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schemas that the package ships. Their shape comes from the zod schemas; what each member
 * means comes from the comments of the TypeScript interfaces, so that it is written down once. Unlike
 * the writer they leave room for members that are not known: records of newer versions stay valid.
 */
export function manifestJsonSchema(): string {
  return jsonSchemaText(manifestSchema(), 'manifest', {
    title: 'The record of one run',
    source: 'manifest.ts',
    interfaces: ['Manifest'],
  });
}

export function runEventJsonSchema(): string {
  return jsonSchemaText(runEventSchema(), 'run-event', {
    title: "One line of a run's journal",
    source: 'events.ts',
    interfaces: [
      'RunStartedEvent',
      'StageStartedEvent',
      'StageSpawnedEvent',
      'StageRetriedEvent',
      'StageFinishedEvent',
      'StageSkippedEvent',
      'RunCancellingEvent',
      'RunRecoveredEvent',
      'RunResumedEvent',
      'ResumeRefusedEvent',
      'RunFinishedEvent',
    ],
  });
}

interface Documented {
  readonly title: string;
  readonly source: string;
  /** One for an object, one per variant for a union. */
  readonly interfaces: readonly string[];
}

function jsonSchemaText(
  schema: z.core.$ZodType,
  name: string,
  { source, interfaces, title }: Documented,
): string {
  const { $schema, ...shape } = z.toJSONSchema(schema, { override: forReaders });
  const comments = new InterfaceComments([source, 'manifest.ts', 'run-context.ts']);
  const variants = shape.oneOf ?? shape.anyOf ?? [shape];
  variants.forEach((variant, at) => {
    comments.describe(variant, interfaces[at] ?? '');
  });
  const $id = `https://unpkg.com/@codex-orchestrator/manifest/schema/${name}.schema.json`;
  return `${JSON.stringify({ $schema, $id, title, ...shape }, null, 2)}\n`;
}

/** Takes out what only a strict writer promises, and what says less than it takes to read. */
function forReaders({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

/** The comments of the interfaces in some source files. */
class InterfaceComments {
  readonly #interfaces = new Map<string, ts.InterfaceDeclaration>();

  constructor(files: readonly string[]) {
    for (const file of files) {
      const url = new URL(`../src/${file}`, import.meta.url);
      const text = readFileSync(url, 'utf8');
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
      for (const statement of source.statements) {
        if (ts.isInterfaceDeclaration(statement)) {
          this.#interfaces.set(statement.name.text, statement);
        }
      }
    }
  }

  /** Puts an interface's comments on the schema of its objects, members of members included. */
  describe(schema: JsonSchema, name: string): void {
    const declaration = this.#interfaces.get(name);
    const comment = declaration && commentOf(declaration);
    if (comment !== undefined) schema.description = comment;
    for (const [member, { comment, types }] of this.#members(name)) {
      const property = schema.properties?.[member];
      if (typeof property !== 'object') continue;
      if (comment !== undefined) property.description = comment;
      for (const type of types) {
        for (const nested of objectsIn(property)) this.describe(nested, type);
      }
    }
  }

  #members(name: string): Map<string, { comment: string | undefined; types: string[] }> {
    const declaration = this.#interfaces.get(name);
    const members = new Map<string, { comment: string | undefined; types: string[] }>();
    for (const clause of declaration?.heritageClauses ?? []) {
      for (const { expression } of clause.types) {
        if (!ts.isIdentifier(expression)) continue;
        for (const [key, value] of this.#members(expression.text)) members.set(key, value);
      }
    }
    for (const member of declaration?.members ?? []) {
      if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name)) continue;
      members.set(member.name.text, { comment: commentOf(member), types: this.#typesIn(member) });
    }
    return members;
  }

  #typesIn(node: ts.Node): string[] {
    const names: string[] = [];
    const visit = (child: ts.Node): void => {
      if (ts.isIdentifier(child) && this.#interfaces.has(child.text)) names.push(child.text);
      ts.forEachChild(child, visit);
    };
    visit(node);
    return names;
  }
}

function commentOf(node: ts.Node): string | undefined {
  const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  return ts.getTextOfJSDocComment(doc)?.replace(/\s+/g, ' ');
}

/** The schemas of the objects that a property holds: itself, one of a choice, or its elements. */
function objectsIn(schema: JsonSchema): JsonSchema[] {
  if (schema.properties) return [schema];
  const inner = [schema.anyOf ?? [], schema.items ?? []].flat(2);
  return inner.flatMap((each) => (typeof each === 'object' ? objectsIn(each) : []));
}
