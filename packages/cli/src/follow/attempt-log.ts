/** Where the log of an attempt of a stage lies once it was followed by another attempt. */
export function attemptLogPath(logPath: string, attempt: number): string {
  return logPath.replace(/\.log$/, `.attempt-${attempt}.log`);
}
