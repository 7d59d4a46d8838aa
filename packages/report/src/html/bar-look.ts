/** How the bar of a stage with this status is filled: a colour, and a pattern where it did not succeed. */
export function barFill(status: string): { readonly className: string; readonly fill: string } {
  switch (status) {
    case 'succeeded':
      return { className: 'bar bar-succeeded', fill: 'none' };
    case 'failed':
    case 'cancelled':
    case 'interrupted':
    case 'skipped':
    case 'running':
      return { className: 'bar', fill: `url(#fill-${status})` };
    default:
      return { className: 'bar bar-other', fill: 'none' };
  }
}
