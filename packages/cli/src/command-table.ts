import { defineCommand } from './command.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import {
  doctorGrammar,
  execGrammar,
  initGrammar,
  planGrammar,
  runsGrammar,
  selfCheckGrammar,
  startGrammar,
  statusGrammar,
} from './command-grammar.js';
import {
  compareGrammar,
  evidenceBaselineGrammar,
  evidenceGroup,
  evidencePostGrammar,
  evidenceReportGrammar,
  reportGrammar,
} from './compare-grammar.js';
import {
  experienceAddGrammar,
  experienceAuditGrammar,
  experienceExplainGrammar,
  experienceExportGrammar,
  experienceForgetGrammar,
  experienceGcGrammar,
  experienceGroup,
  experienceImportGrammar,
  experienceListGrammar,
  experiencePinGrammar,
  experienceTopGrammar,
  experienceUnpinGrammar,
} from './experience-grammar.js';
import { gateCommands } from './commands/gate/gate-commands.js';
import { taskCommands } from './commands/task/task-commands.js';
import {
  attachGrammar,
  cancelGrammar,
  latestGrammar,
  logsGrammar,
  showGrammar,
  waitGrammar,
} from './follow-grammar.js';
import { gateGroup } from './gate-grammar.js';
import {
  baselineClearGrammar,
  baselineSetGrammar,
  baselineShowGrammar,
  metricsBaselineGroup,
  metricsDoctorGrammar,
  metricsExportGrammar,
  metricsGroup,
  metricsPruneGrammar,
  metricsRebuildGrammar,
  metricsRotateGrammar,
  metricsShowGrammar,
  metricsUpdateGrammar,
} from './metrics-grammar.js';
import {
  instructionsCheckGrammar,
  instructionsGroup,
  instructionsStampGrammar,
  packsCheckGrammar,
  packsGroup,
  packsListGrammar,
  packsStampGrammar,
} from './packs-grammar.js';
import { recoverGrammar, resumeGrammar, retryGrammar, verifyGrammar } from './repair-grammar.js';
import { rlmGrammar } from './rlm-grammar.js';
import { taskGroup } from './task-grammar.js';

/** Every command, in the order of the help; the code of each is loaded when it is called. */
export const commandTable: readonly CommandDefinition[] = [
  defineCommand(startGrammar, async () => (await import('./commands/start.js')).start),
  defineCommand(rlmGrammar, async () => (await import('./commands/rlm.js')).rlm),
  defineCommand(planGrammar, async () => (await import('./commands/plan.js')).plan),
  defineCommand(statusGrammar, async () => (await import('./commands/status.js')).status),
  defineCommand(runsGrammar, async () => (await import('./commands/runs.js')).runs),
  defineCommand(latestGrammar, async () => (await import('./commands/latest.js')).latest),
  defineCommand(showGrammar, async () => (await import('./commands/show.js')).show),
  defineCommand(logsGrammar, async () => (await import('./commands/logs.js')).logs),
  defineCommand(waitGrammar, async () => (await import('./commands/wait.js')).wait),
  defineCommand(attachGrammar, async () => (await import('./commands/attach.js')).attach),
  defineCommand(cancelGrammar, async () => (await import('./commands/cancel.js')).cancel),
  defineCommand(resumeGrammar, async () => (await import('./commands/resume.js')).resume),
  defineCommand(retryGrammar, async () => (await import('./commands/retry.js')).retry),
  defineCommand(recoverGrammar, async () => (await import('./commands/recover.js')).recover),
  defineCommand(verifyGrammar, async () => (await import('./commands/verify.js')).verify),
  defineCommand(execGrammar, async () => (await import('./commands/exec.js')).exec),
  ...gateCommands(),
  ...taskCommands(),
  defineCommand(reportGrammar, async () => (await import('./commands/report.js')).report),
  defineCommand(compareGrammar, async () => (await import('./commands/compare.js')).compare),
  ...evidenceCommands(),
  ...metricsCommands(),
  ...experienceCommands(),
  ...packsCommands(),
  defineCommand(initGrammar, async () => (await import('./commands/init.js')).init),
  defineCommand(doctorGrammar, async () => (await import('./commands/doctor.js')).doctor),
  defineCommand(selfCheckGrammar, async () => (await import('./commands/self-check.js')).selfCheck),
];

/** What commands with a common first word have in common. */
export const commandGroups: readonly CommandGroup[] = [
  gateGroup,
  taskGroup,
  evidenceGroup,
  metricsGroup,
  metricsBaselineGroup,
  experienceGroup,
  packsGroup,
  instructionsGroup,
];

function evidenceCommands(): CommandDefinition[] {
  return [
    defineCommand(
      evidenceBaselineGrammar,
      async () => (await import('./commands/evidence/baseline.js')).evidenceBaseline,
    ),
    defineCommand(
      evidencePostGrammar,
      async () => (await import('./commands/evidence/post.js')).evidencePost,
    ),
    defineCommand(
      evidenceReportGrammar,
      async () => (await import('./commands/evidence/report.js')).evidenceReport,
    ),
  ];
}

function metricsCommands(): CommandDefinition[] {
  return [
    defineCommand(
      metricsShowGrammar,
      async () => (await import('./metrics-library.js')).metricsShow,
    ),
    defineCommand(
      metricsUpdateGrammar,
      async () => (await import('./metrics-library.js')).metricsUpdate,
    ),
    defineCommand(
      metricsRebuildGrammar,
      async () => (await import('./metrics-library.js')).metricsRebuild,
    ),
    defineCommand(
      metricsRotateGrammar,
      async () => (await import('./metrics-library.js')).metricsRotate,
    ),
    defineCommand(
      metricsPruneGrammar,
      async () => (await import('./metrics-library.js')).metricsPrune,
    ),
    defineCommand(
      metricsExportGrammar,
      async () => (await import('./metrics-library.js')).metricsExport,
    ),
    defineCommand(
      metricsDoctorGrammar,
      async () => (await import('./metrics-library.js')).metricsDoctor,
    ),
    defineCommand(
      baselineShowGrammar,
      async () => (await import('./metrics-library.js')).showBaseline,
    ),
    defineCommand(
      baselineSetGrammar,
      async () => (await import('./metrics-library.js')).setMetricsBaseline,
    ),
    defineCommand(
      baselineClearGrammar,
      async () => (await import('./metrics-library.js')).clearMetricsBaseline,
    ),
  ];
}

function experienceCommands(): CommandDefinition[] {
  return [
    defineCommand(
      experienceListGrammar,
      async () => (await import('./commands/experience/list.js')).experienceList,
    ),
    defineCommand(
      experienceTopGrammar,
      async () => (await import('./commands/experience/top.js')).experienceTop,
    ),
    defineCommand(
      experienceExplainGrammar,
      async () => (await import('./commands/experience/explain.js')).experienceExplain,
    ),
    defineCommand(
      experienceAddGrammar,
      async () => (await import('./commands/experience/add.js')).experienceAdd,
    ),
    defineCommand(
      experienceAuditGrammar,
      async () => (await import('./commands/experience/audit.js')).experienceAudit,
    ),
    defineCommand(
      experienceGcGrammar,
      async () => (await import('./commands/experience/gc.js')).experienceGc,
    ),
    defineCommand(
      experienceForgetGrammar,
      async () => (await import('./commands/experience/forget.js')).experienceForget,
    ),
    defineCommand(
      experiencePinGrammar,
      async () => (await import('./commands/experience/pin.js')).experiencePin,
    ),
    defineCommand(
      experienceUnpinGrammar,
      async () => (await import('./commands/experience/pin.js')).experienceUnpin,
    ),
    defineCommand(
      experienceExportGrammar,
      async () => (await import('./commands/experience/export.js')).experienceExport,
    ),
    defineCommand(
      experienceImportGrammar,
      async () => (await import('./commands/experience/import.js')).experienceImport,
    ),
  ];
}

function packsCommands(): CommandDefinition[] {
  return [
    defineCommand(
      packsListGrammar,
      async () => (await import('./commands/packs/list.js')).packsList,
    ),
    defineCommand(
      packsCheckGrammar,
      async () => (await import('./commands/packs/check.js')).packsCheck,
    ),
    defineCommand(
      packsStampGrammar,
      async () => (await import('./commands/packs/stamp.js')).packsStamp,
    ),
    defineCommand(
      instructionsCheckGrammar,
      async () => (await import('./commands/instructions/check.js')).instructionsCheck,
    ),
    defineCommand(
      instructionsStampGrammar,
      async () => (await import('./commands/instructions/stamp.js')).instructionsStamp,
    ),
  ];
}
