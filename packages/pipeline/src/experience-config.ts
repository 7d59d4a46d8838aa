import * as z from 'zod/mini';

/** How the experiences of earlier runs are chosen for a run. */
export const experiencePolicies = ['top', 'competitive', 'diverse'] as const;

/** Runs that can teach something. The others were stopped before they came to an end of their own. */
export const teachingStatuses = ['succeeded', 'failed'] as const;

export type ExperienceConfig = z.infer<ReturnType<typeof createExperienceSchema>>;
/** One element of `experiences.record`. */
export type ExperienceRule = NonNullable<ExperienceConfig['record']>[number];

/** The schema of the `experiences` section. */
export function createExperienceSchema(rule: ReturnType<typeof createExperienceRuleSchema>) {
  return z.object({
    strict: optional(
      z.boolean(),
      'Whether a run is refused when the stamp of its instructions or of a prompt pack is bad or missing. Default: false, they are left out with a warning.',
    ),
    policy: optional(
      z.enum(experiencePolicies),
      'How experiences are chosen for prompt packs that do not say it themselves. Default: "top".',
    ),
    minReward: optional(z.number(), 'Least reward of an experience that is chosen. Default: none.'),
    maxTokens: optional(
      z.int().check(z.minimum(1)),
      'Most tokens of experiences in one prompt pack, a token being four characters. Default: no limit.',
    ),
    record: optional(
      z.array(rule),
      'Which runs are recorded as experiences: the first rule that fits a run records it. Default: runs whose pipeline is the domain of a prompt pack with slots.',
    ),
  });
}

/** The schema of one rule in it. */
export function createExperienceRuleSchema() {
  return z.object({
    pipelines: optional(
      z.array(text()),
      'Ids of the pipelines that the rule is for; "exec" is that of single commands. Default: all.',
    ),
    when: optional(z.array(z.enum(teachingStatuses)), 'How runs have to end. Default: both ways.'),
    domain: optional(
      text(),
      'Domain of the record; {pipeline} and {stage} stand for the ids of the pipeline and of the stage that failed, or else of the last one. Default: "{pipeline}".',
    ),
    lesson: optional(
      z.union([
        z.enum(['outcome', 'notes']),
        z.object({ file: text().check(z.describe('Path of the file.')) }),
      ]),
      'What the record says: "outcome" is a sentence about how the run ended, "notes" the text of NOTES, {"file": path} that of a file which the run wrote, relative to the repository root and inside it. Default: "outcome".',
    ),
  });
}

function text() {
  return z.string().check(z.minLength(1));
}

function optional<S extends z.ZodMiniType>(schema: S, description: string) {
  return z.exactOptional(schema.check(z.describe(description)));
}
