import type { Plan } from '@codex-orchestrator/pipeline';
import { createRedactor, isSecretName, readPrivacyMode } from '@codex-orchestrator/redact';
import type { Redactor } from '@codex-orchestrator/redact';

import type { Io } from './io.js';

/**
 * The redactor of this call: it knows the values of secret-named variables of our environment and of
 * the stages' own.
 */
export function redactorFor(env: Io['env'], plan?: Plan): Redactor {
  return createRedactor({
    mode: readPrivacyMode(env),
    environment: env,
    values: plan === undefined ? [] : secretValues(plan),
  });
}

/** What the configuration itself gives to stages under a name that says it is secret. */
function secretValues({ stages }: Plan): string[] {
  return stages.flatMap((stage) => {
    if (stage.kind === 'subpipeline') return secretValues(stage.plan);
    const named = Object.entries(stage.env).filter(([name]) => isSecretName(name));
    return named.map(([, value]) => value);
  });
}
