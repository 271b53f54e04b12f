import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml'
import type { Problem } from '../../shared/domain/problem.ts'

export const MAX_SPEC_BYTES = 1024 * 1024
const MAX_ALIASES = 100
const MAX_DEPTH = 100

export type Path = readonly (string | number)[]
export interface Position {
  readonly line: number
  readonly column: number
}

/** One YAML document as plain data, and where each path of it stands in the text. */
export interface Source {
  readonly data: unknown
  /** Position of the value at the path, or of the nearest thing above that exists. */
  position(path: Path): Position | undefined
  /** Position of a key of the map at the path. */
  keyPosition(path: Path, key: string): Position | undefined
}

export interface ReadOptions {
  /** As YAML 1.1 has it, and Ansible with it: `yes`, `no`, `on` and `off` without quotes are booleans. */
  readonly booleanWords?: boolean
}

/** Reads YAML into data, or says why it cannot. Never throws, never expands an alias bomb. */
export function readSource(text: string, options: ReadOptions = {}): Source | readonly Problem[] {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_SPEC_BYTES) {
    return [
      problem(
        'spec-too-large',
        `the file has ${bytes} bytes; at most ${MAX_SPEC_BYTES} are read`,
        'Split the fleet, or check that this is the right file.',
      ),
    ]
  }
  if (nestingDepth(text) > MAX_DEPTH) {
    return [
      problem(
        'spec-too-deep',
        `the file is nested more than ${MAX_DEPTH} levels deep`,
        'A fleet file needs fewer than ten levels; check that this is the right file.',
      ),
    ]
  }
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const unreadable = documents.flatMap(each => yamlProblems({ document: each, text, lines }))
  if (unreadable.length > 0) return unreadable
  const [document, second] = documents
  if (document === undefined || isEmpty(document)) {
    return [problem('empty-spec', 'the file holds no fleet', 'Start from deploy/examples/quickstart.yml.')]
  }
  if (second !== undefined) {
    return [
      {
        ...problem(
          'several-documents',
          'the file holds several YAML documents; a fleet file is exactly one',
          'Remove the `---` line and what does not belong, or apply the documents as separate files.',
        ),
        ...at(lines, second.range[0]),
      },
    ]
  }
  if (options.booleanWords === true) readBooleanWords(document)
  const dangling = danglingAlias(document)
  if (dangling !== undefined) {
    return [
      {
        ...problem(
          'unreadable-yaml',
          'an alias (`*name`) stands here whose anchor (`&name`) does not',
          'Quote the value if it is no alias.',
        ),
        ...at(lines, dangling),
      },
    ]
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return sourceOf({ document, data, lines })
  } catch (error) {
    return [
      problem(
        'unreadable-yaml',
        `the YAML cannot be expanded: ${error instanceof Error ? error.message : String(error)}`,
        'Use fewer aliases (`*name`); write the values out.',
      ),
    ]
  }
}

function readBooleanWords(document: Document.Parsed): void {
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || node.type !== 'PLAIN' || typeof node.value !== 'string') return
      if (/^(yes|on)$/i.test(node.value)) node.value = true
      else if (/^(no|off)$/i.test(node.value)) node.value = false
    },
  })
}

/** Where the first alias without an anchor starts. What it says may be a password without quotes, so it is not shown. */
function danglingAlias(document: Document.Parsed): number | undefined {
  const anchors = new Set<string>()
  let offset: number | undefined
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor)
        return undefined
      }
      if (anchors.has(node.source)) return undefined
      offset = node.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

function sourceOf({
  document,
  data,
  lines,
}: {
  readonly document: Document.Parsed
  readonly data: unknown
  readonly lines: LineCounter
}): Source {
  const place = (node: unknown): Position | undefined =>
    isNode(node) && node.range ? at(lines, node.range[0]) : undefined
  const position = (path: Path): Position | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      const found = place(node)
      if (found !== undefined) return found
    }
    return undefined
  }
  const keyPosition = (path: Path, key: string): Position | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true)
    const pair = isMap(node) ? node.items.find(item => isScalar(item.key) && String(item.key.value) === key) : undefined
    return place(pair?.key) ?? position(path)
  }
  return { data, position, keyPosition }
}

/** The parser quotes tags and aliases; beside a password these may be the password itself, unquoted. */
function yamlProblems({
  document,
  text,
  lines,
}: {
  readonly document: Document.Parsed
  readonly text: string
  readonly lines: LineCounter
}): readonly Problem[] {
  return [...document.errors, ...document.warnings].map(error => {
    const place = at(lines, error.pos[0])
    const secret = /password/i.test(text.split('\n')[place.line - 1] ?? '')
    const what = secret ? 'the value of a password (not shown) wants quotes' : error.message
    return { ...problem('unreadable-yaml', `not valid YAML: ${what}`, YAML_HINTS[error.code]), ...place }
  })
}

const YAML_HINTS: Readonly<Partial<Record<string, string>>> = {
  DUPLICATE_KEY: 'Keep one of the two keys.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Align the line with its neighbours.',
  TAG_RESOLVE_FAILED: 'Remove the tag; plain values are enough.',
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document
  return contents === null || (isScalar(contents) && contents.value === null)
}

/**
 * An upper bound found without recursion, so that a file of brackets or `? ? ?` exhausts neither the parser's stack nor
 * its time (the parser is quadratic in nested indicators).
 */
function nestingDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (const line of text.split('\n')) {
    const code = line.replace(/(^|\s)#.*/, '')
    for (const character of code) {
      if (character === '[' || character === '{') depth += 1
      if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
      deepest = Math.max(deepest, depth)
    }
    deepest = Math.max(deepest, code.match(/(?<=^|\s)[?-](?=\s|$)/g)?.length ?? 0, indentation(code))
  }
  return deepest
}

/** Levels that the white space in front of a line can stand for; each takes at least one column. */
function indentation(line: string): number {
  return Math.floor(line.search(/\S|$/) / 4)
}

function problem(code: string, message: string, hint?: string): Problem {
  return { code, message, severity: 'error', ...(hint === undefined ? {} : { hint }) }
}
