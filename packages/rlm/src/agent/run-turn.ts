import { stripVTControlCharacters } from 'node:util';

import { writeFileAtomic } from '@codex-orchestrator/core';
import type { CommandResult } from '@codex-orchestrator/exec';

import { fromLoop } from '../loop/loop-files.js';
import { clearPlace, evidenceOf } from '../loop/own-place.js';
import type { AgentSettings } from './agent.js';
import { EventFile } from './event-file.js';
import { followTurn } from './follow-turn.js';
import { judgeTurn } from './judge-turn.js';
import { TurnNotes } from './turn-notes.js';
import type { TurnPorts, TurnRequest } from './turn-ports.js';
import type { Turn } from './turn.js';

/**
 * Calls an agent once and follows it to its end: at its terminal event and a little time to exit, at a
 * limit, or when it is cancelled. Its process group is gone then, and so is every timer. Memory does not
 * depend on what it prints. Nothing that is kept has a secret in it.
 *
 * Rejects only where the prompt cannot be written: whatever the agent does, or whether there is one, is
 * an outcome.
 *
 * @throws CoreError `ATOMIC_WRITE_FAILED`, and the errno errors of making a folder
 */
export async function runTurn(
  settings: AgentSettings,
  request: TurnRequest,
  ports: TurnPorts,
): Promise<Turn> {
  const prompt = ports.redact(request.prompt);
  await writePrompt(prompt, ports);
  const notes = new TurnNotes(ports.redact, ports.maxMessageBytes);
  const file = new EventFile(ports.files.events, {
    fs: ports.fs,
    maxBytes: ports.maxEventBytes ?? 1024 * 1024,
  });
  const startMs = ports.clock.monotonicMs();
  const followed = await followTurn(settings, { ...request, prompt }, ports, { notes, file });
  const durationMs = Math.round(ports.clock.monotonicMs() - startMs);
  const events = file.close();
  const { result, speaks } = followed;
  const described = notes.describe();
  const judged = judgeTurn({
    ...followed,
    end: notes.end,
    waitingFor: notes.waitingFor,
    lastError: described.errors.at(-1),
  });
  const log = typeof result === 'string' ? undefined : result.log;
  const isLogged = log?.sha256 !== undefined;
  ports.onFile?.(evidenceOf(ports.files.prompt, prompt));
  if (isLogged) ports.onFile?.({ path: ports.files.log, bytes: log.bytes, sha256: log.sha256 });
  if (events) ports.onFile?.({ path: ports.files.events, ...events });
  return {
    role: request.role,
    ...judged,
    reason: judged.reason === null ? null : notes.keepLine(judged.reason),
    durationMs,
    ...described,
    message: speaks ? described.message : messageOf(result, notes),
    promptPath: fromLoop(ports.files.prompt, ports),
    logPath: isLogged ? fromLoop(ports.files.log, ports) : null,
    eventsPath: events ? fromLoop(ports.files.events, ports) : null,
  };
}

/** An agent without events says what its standard output ends with. */
function messageOf(result: CommandResult | string, notes: TurnNotes): string | null {
  if (typeof result === 'string') return null;
  return notes.keepMessage(stripVTControlCharacters(result.stdout.text));
}

async function writePrompt(prompt: string, ports: TurnPorts): Promise<void> {
  const { files, fs, clock, random } = ports;
  for (const path of Object.values(files)) clearPlace(path, ports);
  await writeFileAtomic(files.prompt, prompt, { fs, clock, random });
}
