import { type Document, LineCounter, parseAllDocuments } from 'yaml'
import { isHelmTemplate } from './helm.ts'
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
  /** Whether it is a Helm template, of which nothing is read. */
  readonly helm: boolean
}

/** The YAML that kubectl reads: merge keys count, and of two equal keys the last one does. */
const YAML = { merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: false } as const

/** Reads the Kubernetes objects of a text: YAML or JSON, several documents, Lists taken apart. Never throws. */
export function readManifests(text: string): Manifests {
  const objects: Manifest[] = []
  const problems: { line: number; message: string }[] = []
  for (const part of splitDocuments(text)) {
    // A Kubernetes object has both; a text without them needs no parser.
    if (!part.text.includes('apiVersion') || !part.text.includes('kind')) continue
    try {
      readPart(part, objects)
    } catch (error) {
      problems.push(problemOf(error, part.line))
    }
  }
  if (isHelmTemplate(text, problems.length === 0)) return { objects: [], problems: [], helm: true }
  return { objects, problems, helm: false }
}

function readPart(part: { text: string; line: number }, objects: Manifest[]): void {
  const lines = new LineCounter()
  const lineAt = (offset: number): number => part.line - 1 + lines.linePos(offset).line
  for (const document of parseAllDocuments(part.text, { ...YAML, lineCounter: lines }) as Document.Parsed[]) {
    const [error] = document.errors
    if (error !== undefined) throw new DocumentError(error.message, lineAt(error.pos[0]))
    const lineOf = (field: string): number => lineAt(offsetOf(document, field))
    collect(document.toJS(), '', lineOf, objects, new Set())
  }
}

/** Takes up an object, or the objects of a List (`List`, `PodList`), which may itself hold Lists. */
function collect(
  value: unknown,
  path: string,
  lineOf: (field: string) => number,
  objects: Manifest[],
  around: ReadonlySet<unknown>,
): void {
  // A YAML alias can make a List that holds itself.
  if (!isRecord(value) || around.has(value)) return
  const { apiVersion, kind, items } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  if (kind.endsWith('List') && Array.isArray(items)) {
    for (const [index, item] of items.entries()) {
      // What the API itself returns leaves out in each item what the list says once.
      const typed =
        kind !== 'List' && isRecord(item) && item.kind === undefined
          ? { apiVersion, kind: kind.slice(0, -'List'.length), ...item }
          : item
      collect(typed, `${path}items[${index}].`, lineOf, objects, new Set([...around, value]))
    }
    return
  }
  objects.push({ apiVersion, kind, object: value, lineOf: (field) => lineOf(path + field) })
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
