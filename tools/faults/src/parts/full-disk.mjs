import { runInNamespace, whyNoMount } from '../namespace.mjs';

const titles = {
  bytes: 'a disk that fills up, from no free page to 64 pages (tmpfs)',
  inodes: 'a disk that runs out of inodes, from none free to 24 (tmpfs)',
};

/** @type {import('../run-parts.mjs').Part} */
export const fullDisk = {
  id: 'full-disk',
  title: 'Full disks',
  async run(report, { commandLine, commands, quick }) {
    const why = whyNoMount();
    for (const [kind, title] of Object.entries(titles)) {
      if (why !== undefined) {
        report.skip(title, why);
        continue;
      }
      await report.check(title, async (tally) => {
        const { argv, entry } = commandLine;
        const input = { kind, quick, argv, entry, commands: [...commands] };
        for (const { name, problems } of runInNamespace('./full-disk-cases.mjs', input)) {
          tally.add(name, problems);
        }
      });
    }
  },
};
