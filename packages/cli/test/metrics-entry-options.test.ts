import { expect, test } from 'vitest';

import { groupOf, groupOptionsOf, readGroupContext } from '../src/metrics/group-context.js';
import { readMetricsOptions } from '../src/metrics/metrics-options.js';

test('the comparison group of the environment becomes options of the run', () => {
  const env = { TFGRPO_EPOCH: '3', TFGRPO_GROUP_SIZE: ' 8 ', TFGRPO_GROUP_ID: ' g 1 ' };
  const { options, warnings } = readGroupContext(env);
  expect(options).toStrictEqual({ tfgrpo_epoch: 3, tfgrpo_group_size: 8, tfgrpo_group_id: 'g 1' });
  expect(warnings).toStrictEqual([]);
  expect(groupOf(options)).toStrictEqual(options);
  expect(groupOptionsOf({ keep_going: true, ...options })).toStrictEqual(options);
});

test.each([{}, { TFGRPO_EPOCH: '', TFGRPO_GROUP_SIZE: ' ', TFGRPO_GROUP_ID: '\t' }])(
  'what is not set, or blank, says nothing',
  (env) => {
    const { options, warnings } = readGroupContext(env);
    expect(options).toStrictEqual({});
    expect(warnings).toStrictEqual([]);
    expect(groupOf(options)).toStrictEqual({
      tfgrpo_epoch: null,
      tfgrpo_group_id: null,
      tfgrpo_group_size: null,
    });
  },
);

test.each(['0', '-1', '1.5', '2x', 'one', '1e3', '99999999999999999999'])(
  'an epoch of %s is a warning that names the variable, and no error',
  (text) => {
    const { options, warnings } = readGroupContext({ TFGRPO_EPOCH: text, TFGRPO_GROUP_SIZE: '2' });
    expect(options).toStrictEqual({ tfgrpo_group_size: 2 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('TFGRPO_EPOCH');
  },
);

test('a damaged option of a record is none', () => {
  const damaged = { tfgrpo_epoch: '3', tfgrpo_group_size: null, tfgrpo_group_id: 7 };
  expect(Object.values(groupOf(damaged))).toStrictEqual([null, null, null]);
});

test('limits have the defaults of the documentation', () => {
  expect(readMetricsOptions({})).toStrictEqual({
    maxPrivacyEvents: -1,
    update: { rotation: {}, pending: { maxLines: 500, maxBytes: 1_048_576 } },
  });
});

test('limits come from the environment', () => {
  const env = {
    CODEX_METRICS_PRIVACY_EVENTS_MAX: '0',
    CODEX_METRICS_PENDING_BATCH_MAX_LINES: '0',
    CODEX_METRICS_PENDING_BATCH_MAX_BYTES: '1000',
    CODEX_METRICS_MAX_BYTES: '5000',
    CODEX_METRICS_MAX_LINES: '20',
  };
  expect(readMetricsOptions(env)).toStrictEqual({
    maxPrivacyEvents: 0,
    update: {
      rotation: { maxBytes: 5000, maxLines: 20 },
      pending: { maxLines: 0, maxBytes: 1000 },
    },
  });
});

test.each([
  ['CODEX_METRICS_MAX_BYTES', '0'],
  ['CODEX_METRICS_MAX_LINES', '10k'],
  ['CODEX_METRICS_PRIVACY_EVENTS_MAX', 'all'],
])('%s=%s is an error', (name, text) => {
  expect(() => readMetricsOptions({ [name]: text })).toThrow(name);
});
