export { readPrivacyMode } from './privacy-mode.js';
export { createRedactor } from './redactor.js';
export { isSecretName } from './secret-name.js';

export type { PrivacyMode } from './privacy-mode.js';
export type { RedactionCounts, RedactingStream } from './redacting-stream.js';
export type { Redactor, RedactorOptions } from './redactor.js';
