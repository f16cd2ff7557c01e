import { env } from 'node:process'

const { NODE_COMPILE_CACHE } = env

/** Where Node keeps what it has compiled, as the Makefile says: for programs whose environment inherits nothing else. */
export const compileCache: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
