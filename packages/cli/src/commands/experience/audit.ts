import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { audit } from '@codex-orchestrator/experience-store';
import type { AuditOptions } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceAuditGrammar } from '../../experience-grammar.js';
import { taskFoldersIn } from '../../task-folders.js';
import { renderAudit } from '../../render/experience-audit.js';
import type { AuditAnswer, AuditStatus, TaskAuditAnswer } from './answers.js';
import { describeAudit } from './audit-findings.js';
import { findTasks, taskScope } from './experience-scope.js';
import type { TaskScope } from './experience-scope.js';
import { findSecrets } from './find-secrets.js';
import { secretFinder } from './has-secret.js';
import { evidenceVerifier } from './run-evidence.js';
import { workVisibly } from './visibly.js';

/** `experience audit`: what is wrong with experiences and their index; changes nothing. */
export const experienceAudit: RunCommand<(typeof experienceAuditGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const { io, answer } = context;
  const { workspace, taskId } = findTasks(flags, io);
  const scopes = (taskId === undefined ? taskFoldersIn(workspace.outDir) : [taskId])
    .map((task) => taskScope(workspace, task))
    .filter(({ layout }) => taskId !== undefined || hasLog(layout.taskOutDir));
  const options: AuditOptions = {
    clock: io.clock,
    hasSecret: secretFinder(io.env),
    verifyEvidence: evidenceVerifier(workspace),
  };
  const end = await workVisibly(context, async (visibly) => {
    const tasks: TaskAuditAnswer[] = [];
    for (const scope of scopes) tasks.push(await auditTask(scope, { ...options, ...visibly }));
    return tasks;
  });
  if (end.kind === 'interrupted') {
    answer.give({ status: 'interrupted' }, () => ['Interrupted']);
    return end.exitCode;
  }
  const tasks = end.value;
  const described: AuditAnswer = { status: worstOf(tasks), tasks };
  answer.give(described, () => renderAudit(described));
  return (described.status === 'error' ? exitCodes.failed : exitCodes.succeeded).code;
};

async function auditTask({ layout }: TaskScope, options: AuditOptions): Promise<TaskAuditAnswer> {
  const report = await audit(layout, options);
  const { hasSecret, signal } = options;
  const isLeaking = hasSecret !== undefined && (report.withSecret ?? 0) > 0;
  return describeAudit(report, isLeaking ? await findSecrets(layout, hasSecret, { signal }) : []);
}

function hasLog(taskOutDir: string): boolean {
  return existsSync(join(taskOutDir, 'experiences.jsonl'));
}

function worstOf(tasks: readonly TaskAuditAnswer[]): AuditStatus {
  const statuses = new Set(tasks.map(({ status }) => status));
  if (statuses.has('error')) return 'error';
  return statuses.has('warning') ? 'warning' : 'ok';
}
