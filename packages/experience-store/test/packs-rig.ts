import { createHash } from 'node:crypto';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

export const folder = '.agent/prompts/prompt-packs';

/** Digests as they are defined, without the code that is tested. */
export function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export function manifestOf(name: string): string {
  return `${folder}/${name}/manifest.json`;
}

export interface SamplePack {
  readonly name: string;
  /** Instead of `content of <name>`. */
  readonly content?: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/** A pack whose one source is `prompts/<name>.md`, stamped rightly unless its manifest says otherwise. */
export async function writePack(rig: Rig, pack: SamplePack): Promise<string> {
  const { name, content = `content of ${name}`, manifest = {} } = pack;
  const source = `prompts/${name}.md`;
  const stamp = digest(`system:${source}\n${content}\n`);
  await rig.write({
    [source]: `${content}\n`,
    [manifestOf(name)]: { id: name, domain: 'd', stamp, system: source, ...manifest },
  });
  return stamp;
}

export async function rigWith(...packs: readonly SamplePack[]): Promise<Rig> {
  const rig = await createRig('packs-');
  for (const pack of packs) await writePack(rig, pack);
  return rig;
}
