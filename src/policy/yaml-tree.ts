import { type Alias, type Document, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml'
import { ProblemList } from './problem-list.ts'
import { fieldName } from './quoted.ts'

/** What a policy's text holds: its tree, or what is wrong with the text as a whole. */
export interface YamlTree {
  /** Undefined where the text holds no document that could be read. */
  readonly root?: Node
  /** What is wrong so far, to be added to. */
  readonly problems: ProblemList
  /** The node that an alias stands for. */
  resolve(alias: Alias): Node | undefined
}

/** The most bytes a ConfigMap or an object in etcd can bring along; a longer text is something else. */
export const LONGEST_POLICY = 1024 * 1024

/**
 * Reads YAML or JSON by YAML 1.2. Nothing is expanded: aliases are followed one at a time by whoever walks the tree,
 * so that a few lines of them cannot become gigabytes.
 */
export function yamlTree(text: string): YamlTree {
  const lines = new LineCounter()
  const targets = new Map<Alias, Node>()
  const problems = new ProblemList((offset) => Math.max(1, lines.linePos(offset).line))
  const tree = { problems, resolve: (alias: Alias) => targets.get(alias) }

  if (Buffer.byteLength(text) > LONGEST_POLICY) {
    problems.add(0, '', 'is longer than 1 MiB: this is no policy')
    return tree
  }
  // Keys that come twice are looked for later, in linear time; pretty errors would quote the text a second time.
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false })
  const documents = (Array.isArray(parsed) ? parsed : []).filter(holdsSomething)
  const [document, second] = documents
  if (document === undefined) {
    problems.add(0, '', 'is empty: a TagPolicy was expected')
    return tree
  }
  const [error] = document.errors
  if (error) {
    // Only the first: what follows a slip in the syntax is its echo.
    problems.add(error.pos[0], '', syntaxMessage(error.code, error.message))
    return tree
  }
  if (second) {
    problems.add(
      second.contents?.range?.[0] ?? second.range[0],
      '',
      `holds ${documents.length} documents: write each TagPolicy to a file of its own`,
    )
  }
  for (const alias of bindAliases(document, targets)) {
    const anchor = fieldName(alias.source)
    problems.add(
      alias.range?.[0] ?? 0,
      '',
      `is not YAML: no anchor &${anchor} stands before the alias *${anchor}`,
    )
  }
  return { ...tree, root: document.contents ?? undefined }
}

/** A `---` at either end of a file begins a document that holds nothing. */
function holdsSomething({ errors, contents }: Document.Parsed): boolean {
  return errors.length > 0 || !(contents === null || (isScalar(contents) && contents.source === ''))
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply to be read'
  return `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

/**
 * Finds each alias's node in one pass: an alias means the last anchor of its name before it.
 * @returns the aliases that mean nothing
 */
function bindAliases(document: Document.Parsed, targets: Map<Alias, Node>): Alias[] {
  const anchors = new Map<string, Node>()
  const dangling: Alias[] = []
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor) anchors.set(node.anchor, node)
    },
    Alias: (_key, alias) => {
      const target = anchors.get(alias.source)
      if (target) targets.set(alias, target)
      else dangling.push(alias)
    },
  })
  return dangling
}
