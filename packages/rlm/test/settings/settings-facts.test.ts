import { expect, test } from 'vitest';

import { parseSettingsFacts, settingsFacts } from '../../src/settings/settings-facts.js';
import { sampleSettings } from '../decide/sample-iteration.js';

test.each([
  sampleSettings(),
  sampleSettings({
    agent: { name: 'command', args: ['-a', 'b c'], template: 'x {prompt_file}', speaks: 'claude' },
    validators: [
      { name: 'a', command: ['go', 'test', './...'], timeoutMs: 5 },
      { name: 'b', command: ['make'], timeoutMs: 6 },
    ],
    roles: 'triad',
    isolation: 'worktree',
    protect: ['test/**'],
    onTamper: 'refuse',
    limits: { maxIterations: null, maxMinutes: 0.5, maxCostUsd: 1.25, silenceTimeoutMs: null },
  }),
])('settings come back from JSON as they were', (settings) => {
  const json: unknown = JSON.parse(JSON.stringify(settingsFacts(settings)));
  expect(parseSettingsFacts(json)).toEqual({ ok: true, value: settings });
});

test('members of a later version are left out', () => {
  const json = { ...settingsFacts(sampleSettings()), colour: 'blue' };
  expect(parseSettingsFacts(json)).toEqual({ ok: true, value: sampleSettings() });
});

test('facts that cannot be meant are refused with where they are wrong', () => {
  const facts = settingsFacts(sampleSettings());
  const wrong = parseSettingsFacts({ ...facts, limits: { maxIterations: 0 }, roles: 'duet' });
  expect(wrong.ok ? '' : wrong.error).toContain('limits.maxIterations');
  expect(wrong.ok ? '' : wrong.error).toContain('roles');
  expect(parseSettingsFacts(null).ok).toBe(false);
});
