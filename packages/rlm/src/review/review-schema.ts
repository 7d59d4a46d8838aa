import * as z from 'zod/mini';

import { reviewVerdicts, severities } from './review.js';

/** What is kept of an answer, whatever its writer thought. */
export const reviewBounds = { findings: 50, textCharacters: 2000 } as const;

export type WrittenReview = z.output<ReturnType<typeof buildSchema>>;
export type WrittenFinding = WrittenReview['findings'][number];

let built: ReturnType<typeof buildSchema> | undefined;

/** A review as an agent writes it. Members that are not known are left out. Built on first use. */
export function reviewSchema(): ReturnType<typeof buildSchema> {
  return (built ??= buildSchema());
}

function buildSchema() {
  const text = z.optional(z.nullable(z.string()));
  return z.object({
    version: z.literal(1),
    verdict: z.enum(reviewVerdicts),
    findings: z.array(
      z.object({
        severity: z.enum(severities),
        file: text,
        line: z.optional(z.nullable(z.union([z.number(), z.string()]))),
        title: z.string().check(z.regex(/\S/)),
        message: text,
        fix: text,
      }),
    ),
  });
}
