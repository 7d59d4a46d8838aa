/** What the parts of this tool share is named where it is made. */
export const hostName = '127.0.0.1';
