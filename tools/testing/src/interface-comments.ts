import { readFileSync } from 'node:fs';

import ts from 'typescript';

/** As much of a JSON Schema as comments are put on. */
export interface DescribableSchema {
  description?: string;
  properties?: Record<string, DescribableSchema | boolean>;
  items?: DescribableSchema | boolean | (DescribableSchema | boolean)[];
  anyOf?: (DescribableSchema | boolean)[];
}

interface Member {
  readonly comment: string | undefined;
  /** Names of the interfaces that its type speaks of. */
  readonly types: readonly string[];
}

/**
 * The comments of the interfaces in some TypeScript sources, for the schemas that say the same: what a
 * member means is written down once.
 */
export class InterfaceComments {
  readonly #interfaces = new Map<string, ts.InterfaceDeclaration>();

  constructor(sources: readonly URL[]) {
    for (const url of sources) {
      const text = readFileSync(url, 'utf8');
      const source = ts.createSourceFile(url.pathname, text, ts.ScriptTarget.ES2023, true);
      for (const statement of source.statements) {
        if (ts.isInterfaceDeclaration(statement)) {
          this.#interfaces.set(statement.name.text, statement);
        }
      }
    }
  }

  /** Puts an interface's comments on the schema of its objects, members of members included. */
  describe(schema: DescribableSchema, name: string): void {
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

  /** Those of the interfaces that it extends come first. */
  #members(name: string): Map<string, Member> {
    const declaration = this.#interfaces.get(name);
    const members = new Map<string, Member>();
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
function objectsIn(schema: DescribableSchema): DescribableSchema[] {
  if (schema.properties) return [schema];
  const inner = [schema.anyOf ?? [], schema.items ?? []].flat(2);
  return inner.flatMap((each) => (typeof each === 'object' ? objectsIn(each) : []));
}
