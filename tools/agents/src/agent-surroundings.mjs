import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a home for codex whose only model is the server, and returns the variables that lead there.
 * Without retries, so that a fault is seen at once. Its sandbox leaves `/tmp` alone: it puts an empty `.git`
 * into folders that it lets be written, and one that is killed leaves it there.
 *
 * @param {string} folder Is made; whatever codex keeps lies in it.
 * @param {string} url Of the server.
 * @returns {Record<string, string>}
 */
export function surroundCodex(folder, url) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'config.toml'),
    `model = "stub-model"
model_provider = "stub"

[model_providers.stub]
name = "stub"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "STUB_API_KEY"
request_max_retries = 0
stream_max_retries = 0
stream_idle_timeout_ms = 5000

[sandbox_workspace_write]
exclude_slash_tmp = true
exclude_tmpdir_env_var = true
`,
  );
  return { CODEX_HOME: folder, STUB_API_KEY: 'no-secret' };
}

/**
 * The same for claude.
 *
 * @param {string} folder
 * @param {string} url
 * @returns {Record<string, string>}
 */
export function surroundClaude(folder, url) {
  mkdirSync(folder, { recursive: true });
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'no-secret',
    CLAUDE_CONFIG_DIR: folder,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
    API_TIMEOUT_MS: '8000',
  };
}
