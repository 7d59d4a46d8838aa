import * as z from 'zod/mini';

import type { Findings } from './findings.js';

/** What is read of a report is bounded by these, whatever its writer thought. */
export const findingsBounds = {
  findings: 50,
  evidence: 10,
  fixes: 5,
  files: 20,
  titleCharacters: 200,
  textCharacters: 2000,
  pathCharacters: 500,
} as const;

/** What agents write: wider than the format, as one text is taken where a list of them belongs. */
export type LooseFinding = z.output<ReturnType<typeof buildLooseSchema>>;

let builtStrict: z.ZodMiniType<Findings> | undefined;
let builtLoose: ReturnType<typeof buildLooseSchema> | undefined;

/** The format of `findings.json`. Members that are not known are left out. Built on first use. */
export function findingsSchema(): z.ZodMiniType<Findings> {
  return (builtStrict ??= buildStrictSchema());
}

/** One finding as an agent may write it. Built on first use. */
export function looseFindingSchema(): ReturnType<typeof buildLooseSchema> {
  return (builtLoose ??= buildLooseSchema());
}

function buildStrictSchema(): z.ZodMiniType<Findings> {
  const { findings, evidence, fixes, files, titleCharacters, textCharacters } = findingsBounds;
  const title = filled(titleCharacters);
  const text = filled(textCharacters);
  const path = filled(findingsBounds.pathCharacters);
  const fix = z.object({
    title,
    description: z.string().check(z.maxLength(textCharacters)),
    files: z.array(path).check(z.maxLength(files)),
    tests: z.array(filled(findingsBounds.pathCharacters)).check(z.maxLength(files)),
    risk: z.optional(text),
  });
  const finding = z.object({
    id: filled(80),
    title,
    hotspot: z.object({
      file: path,
      symbol: z.optional(title),
      lines: z.optional(z.string().check(z.regex(/^\d+(?:-\d+)?$/))),
    }),
    evidence: z.array(text).check(z.minLength(1), z.maxLength(evidence)),
    impact: z.optional(text),
    candidate_fixes: z.array(fix).check(z.maxLength(fixes)),
  });
  return z.object({
    version: z.literal(1),
    goal: z.nullable(z.string()),
    generated_at: z.nullable(z.string()),
    findings: z.array(finding).check(z.maxLength(findings)),
  });
}

function buildLooseSchema() {
  const texts = z.optional(z.nullable(z.union([z.string(), z.array(z.unknown())])));
  const text = z.optional(z.nullable(z.string()));
  return z.object({
    id: z.optional(z.nullable(z.union([z.string(), z.number()]))),
    title: filled(),
    hotspot: z.union([
      filled(),
      z.object({ file: filled(), symbol: text, lines: z.optional(z.unknown()) }),
    ]),
    evidence: texts,
    impact: text,
    candidate_fixes: z.optional(
      z.nullable(
        z.array(
          z.union([
            z.string(),
            z.object({ title: text, description: text, files: texts, tests: texts, risk: text }),
          ]),
        ),
      ),
    ),
  });
}

/** Text with at least one character that is not white space. */
function filled(maxLength = Number.MAX_SAFE_INTEGER) {
  return z.string().check(z.regex(/\S/), z.maxLength(maxLength));
}
