import { expect, test } from 'vitest';

import { isSecretName } from '../src/index.js';

test.each(
  `SECRET API_TOKEN GITHUB_TOKEN DB_PASSWORD MYSQL_PWD PGPASSWORD SSHPASS SMTP_PASS KEY_PASSPHRASE API_KEY
  OPENAI_API_KEY APIKEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY SSH_PRIVATE_KEY SIGNING_KEY
  GOOGLE_APPLICATION_CREDENTIALS NPM_AUTH npm_config__authToken dbPassword x-api-key JWT GITHUB_PAT`.split(
    /\s+/,
  ),
)('%s names a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each(
  `AUTHOR GIT_AUTHOR_NAME AUTHORITY XAUTHORITY TOKENIZERS_PARALLELISM KEYBOARD KEY MONKEY PWD OLDPWD PATH
  INIT_CWD PASSED BYPASS COMPASS_HOME SSH_AUTH_SOCK PASSWORD_FILE TOKEN_LIMIT SECRETARY PATTERN`.split(
    /\s+/,
  ),
)('%s names none', (name) => {
  expect(isSecretName(name)).toBe(false);
});
