import { PolicyFile } from '../files/policy-file.ts'
import { builtInPolicy } from '../policy/built-in.ts'
import type { Policy } from '../policy/policy.ts'
import { option } from './environment.ts'

/** `--policy FILE`, as every command has it. */
export function policyOption(description = 'a TagPolicy; the built-in one where none is given') {
  return option('--policy <file>', description)
}

/** The policy of `--policy`; the built-in one where there is no file. @throws PolicyError */
export async function loadPolicy(file: string | undefined): Promise<Policy> {
  return file === undefined ? builtInPolicy() : (await PolicyFile.open(file)).policy
}
