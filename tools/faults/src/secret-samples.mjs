import { createRandom } from './seeded-random.mjs';

/**
 * @typedef {object} Secret
 * @property {string} name
 * @property {string} text What a stage prints.
 * @property {string[]} needles What must be found nowhere.
 * @property {Record<string, string>} env
 * @property {boolean} isKnownByItsPlace Only what stands before it makes it a secret.
 */

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const word = `${upper}${upper.toLowerCase()}${digits}`;

/**
 * One secret of each kind, made up from a seed: no file holds anything that looks like one.
 *
 * @param {number} seed
 * @returns {Secret[]}
 */
export function createSecrets(seed) {
  const random = createRandom(seed);
  const chars = (/** @type {number} */ count, alphabet = word) =>
    Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const shaped = (/** @type {string} */ name, /** @type {string} */ text) => ({
    name,
    text,
    needles: [text],
    env: {},
    isKnownByItsPlace: false,
  });
  return [
    ...valuesOfVariables(chars),
    shaped('an AWS access key', `AKIA${chars(16, upper + digits)}`),
    shaped('a GitHub token', `ghp_${chars(36)}`),
    shaped('a GitHub fine-grained token', `github_pat_${chars(22)}_${chars(59)}`),
    shaped('a GitLab token', `glpat-${chars(20)}`),
    shaped('a Slack token', `xoxb-${chars(11, digits)}-${chars(24)}`),
    shaped('an OpenAI key', `sk-proj-${chars(48)}`),
    shaped('an Anthropic key', `sk-ant-api03-${chars(80)}`),
    shaped('an npm token', `npm_${chars(36)}`),
    shaped('a Google key', `AIza${chars(35)}`),
    shaped('a Stripe key', `sk_live_${chars(24)}`),
    shaped('a JSON web token', `eyJ${chars(33)}.eyJ${chars(40)}.${chars(43)}`),
    ...assignments(chars),
    privateKey(chars),
  ];
}

/**
 * What a variable with a telling name holds, as it is and as programs encode it.
 *
 * @param {(count: number, alphabet?: string) => string} chars
 * @returns {Secret[]}
 */
function valuesOfVariables(chars) {
  const values = {
    FAULTS_API_KEY: chars(32),
    FAULTS_PASSWORD: `p&ss "w/rd" ${chars(12)}%+é=`,
    FAULTS_SIGNING_SECRET: `${chars(24)}\n${chars(24)}\n${chars(24)}`,
  };
  return Object.entries(values).flatMap(([variable, value]) => {
    const env = { [variable]: value };
    const forms = {
      'as it is': value,
      'in base64': Buffer.from(value).toString('base64'),
      'in base64 for URLs': Buffer.from(value).toString('base64url'),
      'in a URL': encodeURIComponent(value),
    };
    return Object.entries(forms)
      .filter(([form, text]) => form === 'as it is' || text !== value)
      .map(([form, text]) => ({
        name: `${variable} ${form}`,
        text,
        needles: [text],
        env,
        isKnownByItsPlace: false,
      }));
  });
}

/**
 * @param {(count: number, alphabet?: string) => string} chars
 * @returns {Secret[]}
 */
function assignments(chars) {
  const forms = {
    'password=': (/** @type {string} */ value) => `password=${value}`,
    'api_key: in quotes': (/** @type {string} */ value) => `api_key: "${value}"`,
    '"token" in JSON': (/** @type {string} */ value) => `{"token":"${value}"}`,
  };
  return Object.entries(forms).map(([name, write]) => {
    const value = chars(20);
    return {
      name: `an assignment, ${name}`,
      text: write(value),
      needles: [value],
      env: {},
      isKnownByItsPlace: true,
    };
  });
}

/**
 * @param {(count: number, alphabet?: string) => string} chars
 * @returns {Secret}
 */
function privateKey(chars) {
  const lines = [chars(64), chars(64), `${chars(40)}==`];
  const kind = ['PRIVATE', 'KEY'].join(' ');
  const text = [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
  return { name: 'a private key', text, needles: lines, env: {}, isKnownByItsPlace: true };
}
