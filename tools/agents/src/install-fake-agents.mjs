import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { fakeAgentNames } from './voice.mjs';

/**
 * Makes executables of the agents' names, to be put first on the path; what they do is said by the
 * scenario that the variable FAKE_AGENT_SCENARIO names.
 *
 * @param {string} folder Is made.
 * @param {readonly string[]} [names] Default all that can be played.
 * @returns {string} The folder.
 */
export function installFakeAgents(folder, names = fakeAgentNames) {
  const program = fileURLToPath(new URL('fake-agent.mjs', import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    if (!fakeAgentNames.includes(name)) throw new Error(`No agent "${name}" can be played`);
    const script = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(program)} ${name} "$@"\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  return folder;
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
