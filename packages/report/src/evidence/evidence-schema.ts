import * as z from 'zod/mini';

import { machineSchema, maybeText, sampleSchema } from '../compare/sample-schema.js';
import { ReportError } from '../errors.js';
import { evidenceRoles, evidenceSchemaId } from './evidence-document.js';
import type { EvidenceDocument } from './evidence-document.js';

let built: z.ZodMiniType<EvidenceDocument> | undefined;

/** What `evidence/v1` is. It is built on first use; members that are not known are dropped. */
export function evidenceSchema(): z.ZodMiniType<EvidenceDocument> {
  return (built ??= buildEvidenceSchema());
}

/**
 * A value that was read from a file as evidence.
 *
 * @throws ReportError `DOCUMENT_INVALID`, which names the member that is not as it should be.
 */
export function parseEvidence(value: unknown): EvidenceDocument {
  const parsed = evidenceSchema().safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw new ReportError(
    'DOCUMENT_INVALID',
    `Cannot read the evidence: \`${where}\` is not as expected (${issue?.message ?? 'unknown'})`,
    { cause: parsed.error, subject: where },
  );
}

function buildEvidenceSchema(): z.ZodMiniType<EvidenceDocument> {
  const role = z.enum(evidenceRoles);
  return z.object({
    schema: z.literal(evidenceSchemaId),
    phase: z.enum(['baseline', 'post']),
    taskId: z.string(),
    pipelineId: z.string(),
    startedAt: z.string(),
    toolVersion: maybeText(),
    builds: z.array(
      z.object({ role, ref: maybeText(), commit: maybeText(), command: z.array(z.string()) }),
    ),
    machine: z.nullable(machineSchema()),
    order: z.array(role),
    runs: z.array(
      z.object({
        runId: z.string(),
        role,
        manifestPath: z.string(),
        manifestSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
        journalHead: maybeText(),
        sample: sampleSchema(),
      }),
    ),
    notes: z.array(z.string()),
  });
}
