import { readFileSync } from 'node:fs';

import ts from 'typescript';
import * as z from 'zod/mini';

import { metricsEntrySchema } from '../src/entry/entry-schema.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema that the package ships. Its shape comes from the zod schema; what each member means
 * comes from the comments of the TypeScript interfaces, so that it is written down once.
 */
export function entryJsonSchema(): string {
  const { $schema, ...shape } = z.toJSONSchema(metricsEntrySchema(), { override: forReaders });
  new InterfaceComments('../src/entry/entry.ts').describe(shape, 'MetricsEntry');
  const $id = 'https://unpkg.com/@codex-orchestrator/metrics/schema/metrics-entry.json';
  const title = 'One line of the history of runs';
  return `${JSON.stringify({ $schema, $id, title, ...shape }, null, 2)}\n`;
}

/** Takes out what says less than it takes to read. */
function forReaders({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** The comments of the interfaces in a source file. */
class InterfaceComments {
  readonly #interfaces = new Map<string, ts.InterfaceDeclaration>();

  constructor(file: string) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) {
        this.#interfaces.set(statement.name.text, statement);
      }
    }
  }

  /** Puts an interface's comments on the schema of its objects, members of members included. */
  describe(schema: JsonSchema, name: string): void {
    const declaration = this.#interfaces.get(name);
    const comment = declaration && commentOf(declaration);
    if (comment !== undefined) schema.description = comment;
    for (const member of declaration?.members ?? []) {
      if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name)) continue;
      const property = schema.properties?.[member.name.text];
      if (typeof property !== 'object') continue;
      const comment = commentOf(member);
      if (comment !== undefined) property.description = comment;
      for (const type of this.#typesIn(member)) {
        for (const nested of objectsIn(property)) this.describe(nested, type);
      }
    }
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
