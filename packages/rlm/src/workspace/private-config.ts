/** The author and committer of what a loop keeps. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

export const fallbackIdentity: Identity = {
  name: 'codex-orchestrator',
  email: 'noreply@localhost',
};

export type Settings = readonly (readonly [name: string, value: string])[];

/** Reads what `git config --list -z` prints: for each setting its name, a line feed, its value, a NUL. */
export function parseSettings(listing: string): Settings {
  return listing
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const end = entry.indexOf('\n');
      // A name without a value means true.
      return end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    });
}

export function identityOf(settings: Settings): Identity {
  const last = (wanted: string): string | undefined =>
    settings.findLast(([name, value]) => name === wanted && value.trim() !== '')?.[1];
  return {
    name: last('user.name') ?? fallbackIdentity.name,
    email: last('user.email') ?? fallbackIdentity.email,
  };
}

/** What decides about the content that git sees, and no more. */
const kept =
  /^(?:core\.(?:autocrlf|eol|filemode|ignorecase|symlinks|precomposeunicode|protecthfs|protectntfs|excludesfile|attributesfile|longpaths|trustctime|checkstat|bigfilethreshold|preloadindex)|index\.threads|filter\..+\.(?:clean|smudge|process|required))$/i;

export interface PrivateConfigOptions {
  readonly settings: Settings;
  readonly objectFormat: string;
  /** Folder of git-lfs, which it would look for in the private repository. */
  readonly lfsDir: string;
}

/** Renders the configuration of the private repository, in the format of git. */
export function renderPrivateConfig(options: PrivateConfigOptions): string {
  const isPlain = options.objectFormat === 'sha1';
  const own: Settings = [
    ['core.repositoryformatversion', isPlain ? '0' : '1'],
    ['core.bare', 'false'],
    ...(isPlain ? [] : [['extensions.objectformat', options.objectFormat] as const]),
    ['core.loosecompression', '1'],
    ['lfs.storage', options.lfsDir],
    ...options.settings.filter(([name]) => kept.test(name)),
  ];
  return own.map(([name, value]) => renderSetting(name, value)).join('');
}

function renderSetting(name: string, value: string): string {
  const [first, last] = [name.indexOf('.'), name.lastIndexOf('.')];
  const section = name.slice(0, first);
  const part = first === last ? '' : ` "${escape(name.slice(first + 1, last))}"`;
  return `[${section}${part}]\n\t${name.slice(last + 1)} = "${escape(value).replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"\n`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
