/* eslint-disable no-control-regex -- taking control characters out is what this is for */

/** Colours and cursor movements (CSI), titles and links (OSC, ended by BEL or ST), and short escapes. */
const escapeSequences =
  /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B\n]*(?:\u0007|\u001B\\)?|\u001B[PX^_][^\u001B\n]*(?:\u001B\\)?|\u001B[ -/]*[0-Z\\-~]|\u009B[0-?]*[ -/]*[@-~]/g;

const otherControls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/**
 * A piece of a terminal's output as it can be read in the end: without colours and other control
 * sequences, of a line that was written over with carriage returns the last state alone.
 */
export function plainText(output: string): string {
  if (!/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/.test(output)) return output;
  return output
    .replace(escapeSequences, '')
    .split('\n')
    .map(lastState)
    .join('\n')
    .replace(otherControls, '');
}

function lastState(line: string): string {
  if (!line.includes('\r')) return line;
  const states = line.split('\r').filter((state) => state.trim() !== '');
  return states.at(-1) ?? '';
}
