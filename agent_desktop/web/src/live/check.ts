/**
 * Checks a value against the JSON Schema the server's messages were generated from.
 *
 * Only the constructs pydantic writes are known; anything else in a schema counts as a mismatch, so that a new
 * kind of message cannot slip through unchecked.  Unknown extra fields are allowed: an older page must go on
 * working beside a newer server.
 */

export interface Schema {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly title?: string
}

type Definitions = Readonly<Record<string, Schema>>

/** Where the value does not fit, as a path such as `.card.tickets[0].status`; null when it fits. */
export function mismatch(schema: Schema, value: unknown, definitions: Definitions, at = ''): string | null {
  if (schema.$ref) {
    const target = definitions[schema.$ref.replace('#/$defs/', '')]
    return target ? mismatch(target, value, definitions, at) : `${at}: ${schema.$ref}`
  }
  if ('const' in schema) return value === schema.const ? null : at || '.'
  if (schema.enum) return schema.enum.includes(value) ? null : at || '.'
  const union = schema.anyOf ?? schema.oneOf
  if (union) return ofUnion(union, value, definitions, at)
  if (schema.type === 'object') return ofObject(schema, value, definitions, at)
  if (schema.type === 'array') return ofArray(schema, value, definitions, at)
  if (schema.type === undefined) return Object.keys(schema).some((key) => !ANNOTATIONS.has(key)) ? at || '.' : null
  return ofScalar(schema.type, value) ? null : at || '.'
}

const ANNOTATIONS = new Set(['title', 'description', 'default'])

function ofUnion(union: readonly Schema[], value: unknown, definitions: Definitions, at: string): string | null {
  let deepest: string | null = null
  for (const part of union) {
    const problem = mismatch(part, value, definitions, at)
    if (problem === null) return null
    if (deepest === null || problem.length > deepest.length) deepest = problem
  }
  return deepest ?? (at || '.')
}

function ofObject(schema: Schema, value: unknown, definitions: Definitions, at: string): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return at || '.'
  const fields = value as Readonly<Record<string, unknown>>
  for (const [key, part] of Object.entries(schema.properties ?? {})) {
    if (fields[key] === undefined) {
      if ('const' in part || schema.required?.includes(key)) return `${at}.${key}`
      continue
    }
    const problem = mismatch(part, fields[key], definitions, `${at}.${key}`)
    if (problem !== null) return problem
  }
  return null
}

function ofArray(schema: Schema, value: unknown, definitions: Definitions, at: string): string | null {
  if (!Array.isArray(value)) return at || '.'
  if (!schema.items) return null
  for (const [index, item] of value.entries()) {
    const problem = mismatch(schema.items, item, definitions, `${at}[${index}]`)
    if (problem !== null) return problem
  }
  return null
}

function ofScalar(type: string, value: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}
