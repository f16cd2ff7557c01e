const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const BRACKET = 0x5b
const BRACE = 0x7b

/**
 * Whether JSON text holds more values than a limit, told without parsing it: parsed, a few bytes can take a hundred.
 * Each value but the first of an array or object follows a comma, and each array and object has its bracket, so what is
 * counted is at least the number of values. Text that is no JSON gets some answer.
 */
export function hasMoreValues(json: Uint8Array, limit: number): boolean {
  // Most bodies are too short for so many: no value takes less than a byte.
  if (json.length <= limit) return false
  let count = 0
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (byte === QUOTE) {
      for (i++; i < json.length && json[i] !== QUOTE; i++) if (json[i] === BACKSLASH) i++
    } else if (byte === COMMA || byte === BRACKET || byte === BRACE) {
      count++
      if (count > limit) return true
    }
  }
  return false
}
