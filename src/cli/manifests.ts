import { type Document, isMap, LineCounter, parseAllDocuments, visit } from 'yaml'
import { helmAt } from './helm.ts'
import { offsetOf } from './position.ts'
import { splitDocuments } from './split-documents.ts'

/** A Kubernetes object in a text. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly object: Readonly<Record<string, unknown>>
  /** The line, from 1, of a field (`spec.containers[0].image`), else of the nearest part around it that is there. */
  lineOf(field: string): number
}

/** What a text holds. */
export interface Manifests {
  readonly objects: readonly Manifest[]
  /** Documents that could not be read. */
  readonly problems: readonly { readonly line: number; readonly message: string }[]
  /** The lines of documents that could not be read because they are Helm templates. */
  readonly templates: readonly number[]
  /** Whether there is a List with nothing in it: what kubectl prints where nothing was found. */
  readonly emptyList: boolean
}

/** The YAML that kubectl reads: merge keys count, and of two equal keys the last one does. */
const YAML = { merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: false } as const

/** What was found so far. */
interface Found {
  readonly objects: Manifest[]
  emptyList: boolean
}

/** Reads the Kubernetes objects of a text: YAML or JSON, several documents, Lists taken apart. Never throws. */
export function readManifests(text: string): Manifests {
  const found: Found = { objects: [], emptyList: false }
  const problems: { line: number; message: string }[] = []
  const templates: number[] = []
  for (const part of splitDocuments(text)) {
    const template = helmAt(part.text)
    // A Kubernetes object has both; a text without them needs no parser, unless a template is to write them.
    if (template < 0 && !(part.text.includes('apiVersion') && part.text.includes('kind'))) continue
    try {
      readPart(part, found)
    } catch (error) {
      if (template < 0) problems.push(problemOf(error, part.line))
      else templates.push(lineCount(part.text.slice(0, template)) + part.line - 1)
    }
  }
  return { ...found, problems, templates }
}

function readPart(part: { text: string; line: number }, found: Found): void {
  const lines = new LineCounter()
  const lineAt = (offset: number): number => part.line - 1 + lines.linePos(offset).line
  for (const document of parseAllDocuments(part.text, { ...YAML, lineCounter: lines }) as Document.Parsed[]) {
    const [error] = document.errors
    if (error !== undefined) throw new DocumentError(error.message, lineAt(error.pos[0]))
    const key = part.text.includes('{{') ? firstMapKey(document) : undefined
    if (key !== undefined)
      throw new DocumentError('a map stands where a key belongs: write quotes around {{ }}', lineAt(key))
    const lineOf = (field: string): number => lineAt(offsetOf(document, field))
    collect(document.toJS(), '', lineOf, found, new Set())
  }
}

/** Where a map stands in place of a key, as in `replicas: {{ .Values.replicas }}`: YAML has that, JSON and so kubectl have not. */
function firstMapKey(document: Document): number | undefined {
  let at: number | undefined
  visit(document, {
    Pair(_, { key }) {
      if (!isMap(key)) return undefined
      at = key.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return at
}

/** Takes up an object, or the objects of a List (`List`, `PodList`), which may itself hold Lists. */
function collect(
  value: unknown,
  path: string,
  lineOf: (field: string) => number,
  found: Found,
  around: ReadonlySet<unknown>,
): void {
  // A YAML alias can make a List that holds itself.
  if (!isRecord(value) || around.has(value)) return
  const { apiVersion, kind, items } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  if (kind.endsWith('List') && Array.isArray(items)) {
    if (items.length === 0) found.emptyList = true
    for (const [index, item] of items.entries()) {
      // What the API itself returns leaves out in each item what the list says once.
      const typed =
        kind !== 'List' && isRecord(item) && item.kind === undefined
          ? { apiVersion, kind: kind.slice(0, -'List'.length), ...item }
          : item
      collect(typed, `${path}items[${index}].`, lineOf, found, new Set([...around, value]))
    }
    return
  }
  found.objects.push({ apiVersion, kind, object: value, lineOf: (field) => lineOf(path + field) })
}

class DocumentError extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

function problemOf(error: unknown, start: number): { line: number; message: string } {
  const line = error instanceof DocumentError ? error.line : start
  const message = error instanceof Error ? error.message : String(error)
  // The parser calls itself for each level.
  return { line, message: message.includes('call stack') ? 'it is nested too deeply' : message }
}

function lineCount(text: string): number {
  return text.split('\n').length
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
