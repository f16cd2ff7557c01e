/** Why what holds in a namespace has no effect there. @param where its name in quotes, or how many there are */
export function unjudgedText(where: string): string {
  return `the API server does not ask tallyman about what is in ${where}: nothing is denied there`
}
