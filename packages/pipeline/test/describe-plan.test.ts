import { expect, test } from 'vitest';

import { describePlan, parseConfig, planCommand, planPipeline } from '../src/index.js';

test('a plan is described in the known shape, without the values of variables', () => {
  const catalog = parseConfig(
    JSON.stringify({
      pipelines: [
        {
          id: 'p',
          title: 'P',
          description: 'What it does',
          tags: ['t'],
          guardrailsRequired: false,
          maxParallel: 2,
          deadlineMs: 1000,
          stages: [
            {
              kind: 'command',
              id: 'build',
              title: 'Build',
              command: 'npm run build',
              cwd: 'sub',
              env: { TOKEN: 'secret' },
              allowFailure: true,
              summaryHint: 'Built',
              timeoutMs: 5,
              silenceTimeoutMs: 4,
              retries: { max: 2, exitCodes: [3] },
              plan: { aliases: ['b'], defaultTarget: true, executionMode: 'cloud' },
            },
            { kind: 'command', id: 'test', command: ['npm', 'run', 'a b'], needs: ['build'] },
            { kind: 'subpipeline', id: 'sub', pipeline: 'q', optional: true },
          ],
        },
        { id: 'q', stages: [{ kind: 'command', id: 'x', command: 'true' }] },
      ],
    }),
    'x.json',
  );
  const planned = planPipeline(catalog, 'p', { target: 'test' });
  const text = JSON.stringify(planned.ok && describePlan(planned.value.plan), null, 2);
  expect(text).not.toContain('secret');
  expect(text).toMatchInlineSnapshot(`
    "{
      "pipeline": {
        "id": "p",
        "title": "P",
        "description": "What it does",
        "source": "user",
        "tags": [
          "t"
        ],
        "guardrailsRequired": false
      },
      "stages": [
        {
          "index": 1,
          "id": "build",
          "title": "Build",
          "kind": "command",
          "command": "npm run build",
          "argv": null,
          "cwd": "sub",
          "env": {
            "TOKEN": "[hidden]"
          },
          "allowFailure": true,
          "summaryHint": "Built",
          "needs": [],
          "timeoutMs": 5,
          "silenceTimeoutMs": 4,
          "retries": {
            "max": 2,
            "backoffMs": 1000,
            "factor": 2,
            "exitCodes": [
              3
            ]
          }
        },
        {
          "index": 2,
          "id": "test",
          "title": "test",
          "kind": "command",
          "command": "npm run 'a b'",
          "argv": [
            "npm",
            "run",
            "a b"
          ],
          "cwd": null,
          "env": null,
          "allowFailure": false,
          "summaryHint": null,
          "needs": [
            "build"
          ],
          "timeoutMs": null,
          "silenceTimeoutMs": null,
          "retries": null
        },
        {
          "index": 3,
          "id": "sub",
          "title": "sub",
          "kind": "subpipeline",
          "pipeline": "q",
          "optional": true,
          "needs": [],
          "stages": [
            {
              "index": 1,
              "id": "x",
              "title": "x",
              "kind": "command",
              "command": "true",
              "argv": null,
              "cwd": null,
              "env": null,
              "allowFailure": false,
              "summaryHint": null,
              "needs": [],
              "timeoutMs": null,
              "silenceTimeoutMs": null,
              "retries": null
            }
          ]
        }
      ],
      "order": "graph",
      "maxParallel": 2,
      "deadlineMs": 1000,
      "plan": {
        "items": [
          {
            "id": "p:build",
            "description": "Build",
            "requires_cloud": true,
            "requiresCloud": true,
            "runnable": true,
            "metadata": {
              "pipelineId": "p",
              "stageId": "build",
              "stageKind": "command",
              "index": 0,
              "aliases": [
                "b"
              ],
              "defaultTarget": true,
              "executionMode": "cloud",
              "requiresCloud": true
            },
            "selected": false
          },
          {
            "id": "p:test",
            "description": "test",
            "requires_cloud": false,
            "requiresCloud": false,
            "runnable": true,
            "metadata": {
              "pipelineId": "p",
              "stageId": "test",
              "stageKind": "command",
              "index": 1,
              "requiresCloud": false
            },
            "selected": true
          },
          {
            "id": "p:sub",
            "description": "sub",
            "requires_cloud": false,
            "requiresCloud": false,
            "runnable": true,
            "metadata": {
              "pipelineId": "p",
              "stageId": "sub",
              "stageKind": "subpipeline",
              "index": 2,
              "requiresCloud": false
            },
            "selected": false
          }
        ],
        "notes": "What it does",
        "targetId": "p:test"
      },
      "targetId": "p:test"
    }"
  `);
});

test('a single command is the pipeline exec with the stage exec', () => {
  const description = describePlan(
    planCommand(['npm', 'test', '--', 'a b'], { cwd: '/elsewhere' }),
  );
  expect(description).toMatchObject({
    pipeline: { id: 'exec', title: 'CLI Exec Command', source: null, guardrailsRequired: false },
    stages: [
      {
        id: 'exec',
        title: "Execute npm test -- 'a b'",
        command: "npm test -- 'a b'",
        argv: ['npm', 'test', '--', 'a b'],
        cwd: '/elsewhere',
      },
    ],
    targetId: 'exec:exec',
  });
});

test('a shell line of a single command stays as it was given', () => {
  expect(describePlan(planCommand('echo "$HOME" | wc')).stages[0]).toMatchObject({
    command: 'echo "$HOME" | wc',
    argv: null,
    cwd: null,
  });
});
