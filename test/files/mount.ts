import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A folder as the kubelet mounts a ConfigMap or a Secret: each file is a link through `..data`, which alone is replaced. */
export class Mount {
  readonly folder: string
  #generation = 0
  #known = new Set<string>()

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(t: Test, files: Record<string, string>): Promise<Mount> {
    const folder = await mkdtemp(join(tmpdir(), 'tallyman-test-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    return Mount.at(folder, files)
  }

  /** In an empty folder whose end is the caller's concern. */
  static async at(folder: string, files: Record<string, string>): Promise<Mount> {
    const mount = new Mount(folder)
    await mount.write(files)
    return mount
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Replaces all files at once. */
  async write(files: Record<string, string>): Promise<void> {
    const generation = `..generation-${this.#generation++}`
    await mkdir(this.path(generation))
    for (const [name, content] of Object.entries(files))
      await writeFile(this.path(join(generation, name)), content)
    await symlink(generation, this.path('..data_tmp'))
    await rename(this.path('..data_tmp'), this.path('..data'))
    for (const name of Object.keys(files)) {
      if (!this.#known.has(name)) await symlink(join('..data', name), this.path(name))
      this.#known.add(name)
    }
  }
}
