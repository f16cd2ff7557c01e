/**
 * The placeholders that a remedy's image may hold, each with a value that stands for what a person writes there.
 * A remedy is checked with these values before it is given.
 */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<registry>': 'registry.example.com',
  '<name>': 'app',
  '<version>': '1.4.2',
  '<codename>': 'bookworm',
  '<date>': '20240812',
  '<minor>': '4',
  '<patch>': '2',
  '<digest>': '3f'.repeat(32),
}

/** The image of a remedy with each placeholder filled in. */
export function fillPlaceholders(image: string): string {
  return image.replace(/<[a-z]+>/g, (placeholder) => PLACEHOLDERS[placeholder] ?? placeholder)
}
