import type { ShapeRule } from './shape.js';

/**
 * Tokens that are known by their looks, as their makers describe them (in documentation or as partners
 * of secret scanners). To add one: a fixed start that ordinary text does not have, and as many
 * characters after it as every token has.
 */
export const tokenRules: readonly ShapeRule[] = [
  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { id: 'aws-access-key', shape: 'AKIA[0-9A-Z]{16,}' },
  { id: 'aws-access-key', shape: 'ASIA[0-9A-Z]{16,}' },
  // docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
  { id: 'aws-bedrock-key', shape: 'ABSK[A-Za-z0-9+/=]{100,}' },

  // github.blog/2021-04-05-behind-githubs-new-authentication-token-formats
  { id: 'github-token', shape: 'gh[pousr]_[A-Za-z0-9_]{36,}' },
  { id: 'github-token', shape: 'github_pat_[A-Za-z0-9_]{36,}' },
  // docs.gitlab.com/ee/security/tokens/#token-prefixes
  { id: 'gitlab-token', shape: 'gl[a-z]{2,6}-[0-9A-Za-z_-]{20,}', isWord: true },
  { id: 'gitlab-token', shape: 'GR1348941[0-9A-Za-z_-]{20,}' },
  // support.atlassian.com/organization-administration/docs/understand-user-api-tokens
  { id: 'atlassian-token', shape: 'AT[A-Z]{2}3x[A-Za-z0-9_=-]{40,}' },
  { id: 'atlassian-token', shape: 'ATBB[A-Za-z0-9_=-]{24,}' },

  // api.slack.com/concepts/token-types, api.slack.com/messaging/webhooks
  { id: 'slack-token', shape: 'xox[a-z]-[0-9A-Za-z-]{10,}' },
  { id: 'slack-token', shape: 'xoxe\\.xox[bp]-[0-9A-Za-z-]{10,}' },
  { id: 'slack-token', shape: 'xapp-[0-9A-Za-z-]{10,}' },
  { id: 'slack-webhook', shape: 'hooks\\.slack\\.com/[a-z]{6,12}/[A-Za-z0-9/]{20,}' },
  // discord.com/developers/docs/resources/webhook
  { id: 'discord-webhook', shape: 'discord\\.com/api/webhooks/[0-9]{15,22}/[A-Za-z0-9_-]{40,}' },
  { id: 'discord-webhook', shape: 'discordapp\\.com/api/webhooks/[0-9]{15,22}/[A-Za-z0-9_-]{40,}' },
  // core.telegram.org/bots/api#authorizing-your-bot
  { id: 'telegram-token', shape: ':AA[A-Za-z0-9_-]{32,}' },

  // platform.openai.com/docs/api-reference/authentication
  { id: 'openai-key', shape: 'sk-[A-Za-z0-9]{20,}', isWord: true, rest: 'A-Za-z0-9_-' },
  { id: 'openai-key', shape: 'sk-proj-[A-Za-z0-9_-]{20,}' },
  { id: 'openai-key', shape: 'sk-svcacct-[A-Za-z0-9_-]{20,}' },
  { id: 'openai-key', shape: 'sk-admin-[A-Za-z0-9_-]{20,}' },
  // docs.anthropic.com/en/api/overview#authentication
  { id: 'anthropic-key', shape: 'sk-ant-[A-Za-z0-9_-]{20,}' },
  // openrouter.ai/docs/api-reference/authentication
  { id: 'openrouter-key', shape: 'sk-or-v1-[0-9a-f]{40,}' },
  // huggingface.co/docs/hub/security-tokens
  { id: 'hugging-face-token', shape: 'hf_[A-Za-z0-9]{30,}', isWord: true },
  { id: 'hugging-face-token', shape: 'api_org_[A-Za-z0-9]{34,}' },
  // console.groq.com/docs/quickstart, docs.x.ai, docs.perplexity.ai, replicate.com/docs, build.nvidia.com
  { id: 'groq-key', shape: 'gsk_[A-Za-z0-9]{40,}' },
  { id: 'xai-key', shape: 'xai-[A-Za-z0-9]{40,}' },
  { id: 'perplexity-key', shape: 'pplx-[A-Za-z0-9]{40,}' },
  { id: 'replicate-token', shape: 'r8_[A-Za-z0-9]{37,}', isWord: true },
  { id: 'nvidia-key', shape: 'nvapi-[A-Za-z0-9_-]{40,}' },

  // cloud.google.com/docs/authentication/api-keys, …/docs/authentication/token-types
  { id: 'google-key', shape: 'AIza[0-9A-Za-z_-]{35,}' },
  { id: 'google-token', shape: 'ya29\\.[0-9A-Za-z_-]{20,}', rest: '0-9A-Za-z._-' },
  { id: 'google-token', shape: 'GOCSPX-[0-9A-Za-z_-]{20,}' },
  // learn.microsoft.com/azure/storage/common/storage-sas-overview
  { id: 'azure-signature', shape: 'sig=[A-Za-z0-9%+/=]{40,}', isWord: true },
  // docs.digitalocean.com/reference/api/create-personal-access-token
  { id: 'digitalocean-token', shape: 'do[opr]_v1_[0-9a-f]{64,}' },
  // docs.databricks.com/dev-tools/auth/pat
  { id: 'databricks-token', shape: 'dapi[0-9a-f]{32,}', isWord: true, rest: '0-9a-f-' },
  // developer.hashicorp.com/vault/docs/concepts/tokens, …/terraform/cloud-docs/users-teams-organizations/api-tokens
  { id: 'vault-token', shape: 'hv[sbr]\\.[A-Za-z0-9_-]{20,}', isWord: true },
  { id: 'terraform-token', shape: '\\.atlasv1\\.[A-Za-z0-9_=-]{60,}' },
  // www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens
  { id: 'pulumi-token', shape: 'pul-[0-9a-f]{40,}', isWord: true },
  // fly.io/docs/security/tokens, supabase.com/docs/guides/api/api-keys, planetscale.com/docs/concepts/service-tokens
  { id: 'fly-token', shape: 'fo1_[A-Za-z0-9_-]{40,}', isWord: true },
  { id: 'fly-token', shape: 'fm[12]_[A-Za-z0-9+/=_-]{40,}', isWord: true },
  { id: 'supabase-key', shape: 'sbp_[0-9a-f]{40,}', isWord: true },
  { id: 'supabase-key', shape: 'sb_secret_[A-Za-z0-9_-]{20,}' },
  { id: 'planetscale-token', shape: 'pscale_[a-z]{2,5}_[A-Za-z0-9_.-]{32,}' },
  // tailscale.com/kb/1277/key-prefixes
  { id: 'tailscale-key', shape: 'tskey-[a-z]{2,12}-[A-Za-z0-9-]{16,}' },
  // docs.docker.com/security/access-tokens
  { id: 'docker-token', shape: 'dckr_[op]at_[A-Za-z0-9_-]{20,}' },

  // docs.npmjs.com/about-access-tokens, pypi.org/help/#apitoken, guides.rubygems.org/api-key-scopes
  { id: 'npm-token', shape: 'npm_[A-Za-z0-9]{36,}' },
  { id: 'pypi-token', shape: 'pypi-[A-Za-z0-9_-]{50,}' },
  { id: 'rubygems-key', shape: 'rubygems_[0-9a-f]{48,}' },
  // jfrog.com/help: reference tokens and API keys
  { id: 'artifactory-key', shape: 'AKCp[A-Za-z0-9]{69,}' },
  { id: 'artifactory-key', shape: 'cmVmdGtu[A-Za-z0-9]{56,}' },

  // docs.stripe.com/keys, docs.stripe.com/webhooks
  { id: 'stripe-key', shape: 'sk_live_[0-9A-Za-z]{16,}' },
  { id: 'stripe-key', shape: 'sk_test_[0-9A-Za-z]{16,}' },
  { id: 'stripe-key', shape: 'rk_live_[0-9A-Za-z]{16,}' },
  { id: 'stripe-key', shape: 'rk_test_[0-9A-Za-z]{16,}' },
  { id: 'stripe-key', shape: 'whsec_[0-9A-Za-z+/=]{24,}' },
  // developer.squareup.com/docs/build-basics/access-tokens
  { id: 'square-token', shape: 'sq0[a-z]{3}-[0-9A-Za-z_-]{22,}' },
  { id: 'square-token', shape: 'EAAA[0-9A-Za-z_-]{60,}', isWord: true },
  // shopify.dev/docs/apps/build/authentication-authorization
  { id: 'shopify-token', shape: 'shp[acps][atsk]_[0-9A-Fa-f]{32,}' },

  // docs.sendgrid.com/ui/account-and-settings/api-keys, twilio.com/docs/glossary/what-is-a-sid, mailgun.com
  { id: 'sendgrid-key', shape: 'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,}' },
  { id: 'twilio-key', shape: 'SK[0-9a-f]{32,}', isWord: true },
  { id: 'mailgun-key', shape: 'key-[0-9a-f]{32,}', isWord: true },
  { id: 'brevo-key', shape: 'xkeysib-[0-9a-f]{64,}', rest: 'A-Za-z0-9-' },

  // linear.app/developers, developers.notion.com, figma.com/developers, learning.postman.com
  { id: 'linear-key', shape: 'lin_api_[A-Za-z0-9]{32,}' },
  { id: 'linear-key', shape: 'lin_oauth_[A-Za-z0-9]{32,}' },
  { id: 'notion-token', shape: 'secret_[A-Za-z0-9]{40,}' },
  { id: 'notion-token', shape: 'ntn_[A-Za-z0-9]{40,}', isWord: true },
  { id: 'figma-token', shape: 'fig[dou]_[A-Za-z0-9_-]{40,}', isWord: true },
  { id: 'postman-key', shape: 'PMAK-[0-9a-f]{24}-[0-9a-f]{34,}' },
  // grafana.com/docs/grafana/latest/administration/service-accounts, docs.newrelic.com, docs.sentry.io
  { id: 'grafana-token', shape: 'glsa_[A-Za-z0-9_]{40,}' },
  { id: 'grafana-token', shape: 'glc_[A-Za-z0-9+/=]{32,}', isWord: true },
  { id: 'grafana-token', shape: 'eyJrIjoi[A-Za-z0-9+/=_-]{40,}' },
  { id: 'new-relic-key', shape: 'NRAK-[A-Z0-9]{27,}' },
  { id: 'sentry-token', shape: 'sntry[su]_[A-Za-z0-9+/=_-]{40,}' },
  // buildkite.com/docs, circleci.com/docs, docs.doppler.com/reference/service-token-formats
  { id: 'buildkite-token', shape: 'bkua_[0-9a-f]{40,}', isWord: true },
  { id: 'circleci-token', shape: 'CCIPAT_[A-Za-z0-9_]{40,}' },
  { id: 'doppler-token', shape: 'dp\\.[a-z]{2,6}\\.[A-Za-z0-9._]{40,}', isWord: true },
  // developer.1password.com/docs/service-accounts
  { id: 'one-password-token', shape: 'ops_eyJ[A-Za-z0-9+/=_-]{40,}' },
  // devcenter.heroku.com/articles/authentication
  { id: 'heroku-key', shape: 'HRKU-[A-Za-z0-9_-]{36,}' },
  // github.com/FiloSottile/age
  { id: 'age-secret-key', shape: 'AGE-SECRET-KEY-1[0-9A-Z]{50,}' },

  // RFC 7519, RFC 6750
  {
    id: 'json-web-token',
    shape: 'eyJ[A-Za-z0-9_-]{10,2048}\\.[A-Za-z0-9_-]{10,}',
    rest: 'A-Za-z0-9_.-',
  },
  { id: 'bearer-token', shape: 'Bearer [A-Za-z0-9._~+/=-]{20,}' },
  { id: 'bearer-token', shape: 'bearer [A-Za-z0-9._~+/=-]{20,}' },
];
