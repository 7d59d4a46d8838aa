import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { parseRunId, parseTaskId } from '@codex-orchestrator/core';
import {
  createRunLayout,
  readJournal,
  reopenRunRecord,
  verifyRun,
} from '@codex-orchestrator/manifest';

import { Repository } from '../repository.mjs';

/**
 * One process for all cases, through the functions that `verify` and `recover` are made of.
 *
 * @typedef {object} Specimen A recorded run, of which one file is changed again and again.
 * @property {Repository} repository
 * @property {import('@codex-orchestrator/manifest').RunLayout} layout
 * @property {Buffer} journal
 * @property {Buffer} manifest
 */

/** @type {import('../run-parts.mjs').Part} */
export const everyByte = {
  id: 'every-byte',
  title: 'A journal cut at every byte, and with every byte changed',
  async run(report, context) {
    const step = context.quick ? 29 : 1;
    const sealed = await recordRun(context, { killed: false });
    const killed = await recordRun(context, { killed: true });
    try {
      await report.check('journal of a sealed run cut at every byte: verify says so', (tally) =>
        tryCuts(sealed, step, tally),
      );
      await report.check(
        'journal of a sealed run with every byte changed: verify names the line',
        (tally) => tryChanges(sealed, step, { tally, judge: wrongVerification }),
      );
      await report.check(
        'manifest of a sealed run with every byte changed: verify says so',
        (tally) => tryManifestChanges(sealed, step, tally),
      );
      await report.check(
        'journal of a killed run cut at every byte: whole lines stay, the tail is repaired',
        (tally) => tryRepairs(killed, step, tally),
      );
      await report.check(
        'journal of a killed run with every byte changed: no repair, the line is named',
        (tally) => tryChanges(killed, step, { tally, judge: wrongRefusal }),
      );
    } finally {
      sealed.repository.dispose();
      killed.repository.dispose();
    }
  },
};

/**
 * @param {import('../run-parts.mjs').Context} context
 * @param {{ killed: boolean }} options
 * @returns {Promise<Specimen>}
 */
async function recordRun({ commandLine }, { killed }) {
  const repository = new Repository(commandLine, [{ id: 'a' }, { id: 'b', gated: killed }]);
  const program = repository.start(['start', '--task', 't']);
  if (killed) {
    await repository.reached('b');
    program.child.kill('SIGKILL');
  }
  await program.ended;
  const [{ folder }] = repository.runs();
  const runId = parseRunId(basename(folder));
  if (!runId.ok) throw new Error(runId.error);
  const layout = createRunLayout({
    root: repository.root,
    taskId: parseTaskId('t'),
    runId: runId.value.runId,
  });
  const { journalPath, manifestPath } = layout;
  return {
    repository,
    layout,
    journal: readFileSync(journalPath),
    manifest: readFileSync(manifestPath),
  };
}

/**
 * @param {Specimen} specimen
 * @param {number} step
 * @param {import('../report.mjs').Tally} tally
 */
async function tryCuts({ layout, journal }, step, tally) {
  for (let length = 0; length < journal.length; length += step) {
    writeFileSync(layout.journalPath, journal.subarray(0, length));
    const { verdict, findings } = await verifyRun(layout);
    const named = findings.some(({ code }) => code === 'journal-cut' || code === 'journal-torn');
    tally.add(`cut after ${length} bytes`, [
      ...(verdict === 'damaged' ? [] : [`verify says ${verdict}`]),
      ...(named ? [] : [`found: ${findings.map(({ code }) => code).join(', ')}`]),
    ]);
  }
  writeFileSync(layout.journalPath, journal);
}

/**
 * @param {Specimen} specimen
 * @param {number} step
 * @param {{ tally: import('../report.mjs').Tally, judge: (layout: Specimen['layout'], line: number) => Promise<string[]> }} check
 */
async function tryChanges({ layout, journal }, step, { tally, judge }) {
  let line = 1;
  for (let index = 0; index < journal.length; index += 1) {
    if (index % step === 0) {
      for (const mask of [0x01, 0x80]) {
        const changed = Buffer.from(journal);
        changed[index] ^= mask;
        writeFileSync(layout.journalPath, changed);
        tally.add(`byte ${index} of line ${line} changed by ${mask}`, await judge(layout, line));
      }
    }
    if (journal[index] === 0x0a) line += 1;
  }
  writeFileSync(layout.journalPath, journal);
}

/**
 * @param {Specimen['layout']} layout
 * @param {number} line
 */
async function wrongVerification(layout, line) {
  const { verdict, findings } = await verifyRun(layout);
  const named = findings.some((finding) => finding.line === line);
  if (verdict === 'damaged' && named) return [];
  return [
    `verify says ${verdict}: ${findings.map((finding) => `${finding.code} ${finding.line ?? ''}`).join(', ')}`,
  ];
}

/**
 * A changed last newline makes the last line a torn one, which is repaired.
 *
 * @param {Specimen['layout']} layout
 * @param {number} line
 */
async function wrongRefusal(layout, line) {
  const before = readFileSync(layout.journalPath);
  try {
    const { record, repair } = await reopenRunRecord(layout);
    await record.close();
    removeTornCopies(layout);
    return repair.tornBytes > 0 && before.at(-1) !== 0x0a ? [] : ['the damaged journal was opened'];
  } catch (error) {
    const problems = [];
    if (error.code !== 'JOURNAL_DAMAGED')
      problems.push(`refused with ${error.code}: ${error.message}`);
    if (!error.message.includes(`Line ${line} `))
      problems.push(`another line is named: ${error.message}`);
    if (!before.equals(readFileSync(layout.journalPath)))
      problems.push('the journal was changed all the same');
    return problems;
  }
}

/**
 * @param {Specimen} specimen
 * @param {number} step
 * @param {import('../report.mjs').Tally} tally
 */
async function tryManifestChanges({ layout, manifest }, step, tally) {
  for (let index = 0; index < manifest.length; index += step) {
    const changed = Buffer.from(manifest);
    changed[index] ^= 0x01;
    writeFileSync(layout.manifestPath, changed);
    const { verdict, findings } = await verifyRun(layout);
    const named = findings.some(({ path }) => path.endsWith('manifest.json'));
    tally.add(
      `byte ${index} changed`,
      verdict === 'damaged' && named ? [] : [`verify says ${verdict}: ${JSON.stringify(findings)}`],
    );
  }
  writeFileSync(layout.manifestPath, manifest);
}

/**
 * @param {Specimen} specimen
 * @param {number} step
 * @param {import('../report.mjs').Tally} tally
 */
async function tryRepairs({ layout, journal, manifest }, step, tally) {
  const firstLine = journal.indexOf(0x0a) + 1;
  for (let length = firstLine; length <= journal.length; length += step) {
    writeFileSync(layout.journalPath, journal.subarray(0, length));
    writeFileSync(layout.manifestPath, manifest);
    tally.add(`cut after ${length} bytes`, await wrongRepair(layout, journal, length));
    removeTornCopies(layout);
  }
  writeFileSync(layout.journalPath, journal);
  writeFileSync(layout.manifestPath, manifest);
}

/**
 * @param {Specimen['layout']} layout
 * @param {Buffer} journal
 * @param {number} length
 */
async function wrongRepair(layout, journal, length) {
  const end = journal.lastIndexOf(0x0a, length - 1) + 1;
  const { record, repair } = await reopenRunRecord(layout);
  await record.seal({ status: 'interrupted', status_detail: 'faults', duration_ms: 1 });
  const problems = [];
  if (repair.tornBytes !== length - end)
    problems.push(`${repair.tornBytes} torn bytes of ${length - end}`);
  if (
    repair.tornBytes > 0 &&
    !readFileSync(`${layout.journalPath}.torn-1`).equals(journal.subarray(end, length))
  )
    problems.push('the torn bytes are not kept');
  if (!readFileSync(layout.journalPath).subarray(0, end).equals(journal.subarray(0, end)))
    problems.push('whole lines were changed');
  const { damaged } = await readJournal(layout.journalPath);
  if (damaged.length > 0) problems.push(`${damaged.length} lines called damaged`);
  const { verdict, findings } = await verifyRun(layout);
  if (verdict !== 'intact')
    problems.push(`verify says ${verdict} afterwards: ${JSON.stringify(findings)}`);
  return problems;
}

/** @param {Specimen['layout']} layout */
function removeTornCopies({ journalPath }) {
  for (let number = 1; existsSync(`${journalPath}.torn-${number}`); number += 1) {
    rmSync(`${journalPath}.torn-${number}`);
  }
}
