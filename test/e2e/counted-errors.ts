/** Series of tallyman that count what went wrong, of those that counted anything: each that can be is there from the start, with 0. */
export function countedErrors(exposition: string): string[] {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith('tallyman_errors_total{') && !line.endsWith(' 0'))
}
