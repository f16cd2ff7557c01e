/** Characters that JSON leaves as they are and that a terminal obeys or hides: C1 controls, line separators, directions. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** JSON that says exactly the same and is harmless on a terminal. */
export function safeJson(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value, undefined, 2))
}

/** A text whose unsafe characters stand in JSON's double quotes, or YAML's. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
