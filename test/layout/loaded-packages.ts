// node loaded-packages.ts FILE: imports a source, and prints which packages the sources loaded, as JSON.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const [file = ''] = process.argv.slice(2)
const sources = new URL('../../src/', import.meta.url).href
const packages = new Set<string>()

registerHooks({
  resolve(specifier, context, next) {
    // What a package loads in turn is its own affair.
    if (context.parentURL?.startsWith(sources) && !/^(?:\.|node:)/.test(specifier)) {
      packages.add(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
    }
    return next(specifier, context)
  },
})
await import(pathToFileURL(file).href)
console.log(JSON.stringify([...packages].sort()))
