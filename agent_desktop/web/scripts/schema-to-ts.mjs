/**
 * TypeScript types from the JSON Schema that pydantic writes: objects, arrays, enums, unions, references.
 * Small on purpose; a construct it does not know is an error, so nothing is ever quietly typed as `any`.
 */

export function schemaToTypeScript(schema, source) {
  const header = `// Written by \`npm run types\` from ${source}.  Do not edit.\n`
  return header + Object.keys(schema.$defs).map((name) => declaration(name, schema.$defs[name])).join('')
}

/** The same for answers: a field with a default is always there (what is sent may leave it out). */
export function answersToTypeScript(schema, source) {
  for (const model of Object.values(schema.$defs)) {
    const properties = model.properties
    if (!properties) continue
    model.required = Object.keys(properties).filter((key) => model.required?.includes(key) || 'default' in properties[key])
  }
  return schemaToTypeScript(schema, source)
}

function declaration(name, schema) {
  return `\n${comment(schema, '')}export type ${typeName(name)} = ${typeOf(schema, '')}\n`
}

function typeOf(schema, indent) {
  if (schema.$ref) return typeName(schema.$ref.split('/').at(-1))
  if ('const' in schema) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  const union = schema.anyOf ?? schema.oneOf
  if (union) return union.map((part) => typeOf(part, indent)).join(' | ')
  switch (schema.type) {
    case 'object':
      return objectType(schema, indent)
    case 'array':
      if (schema.prefixItems) return `readonly [${schema.prefixItems.map((part) => typeOf(part, indent)).join(', ')}]`
      return `readonly (${typeOf(schema.items, indent)})[]`
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case undefined:
      if (Object.keys(schema).every((key) => key === 'title' || key === 'description')) return 'unknown'
  }
  throw new Error(`unknown schema: ${JSON.stringify(schema)}`)
}

function objectType(schema, indent) {
  if (!schema.properties) {
    const value = schema.additionalProperties
    return `Readonly<Record<string, ${typeof value === 'object' ? typeOf(value, indent) : 'unknown'}>>`
  }
  const inner = `${indent}  `
  const required = new Set([...(schema.required ?? []), ...constants(schema.properties)])
  const lines = Object.entries(schema.properties).map(([key, part]) => {
    const optional = required.has(key) ? '' : '?'
    return `${comment(part, inner)}${inner}readonly ${key}${optional}: ${typeOf(part, inner)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

/** Generic models have names such as `Page[Ticket]`. */
function typeName(name) {
  return name.replaceAll(/\W+/g, '_').replace(/_$/, '')
}

/** `v` and `type` have a default on the Python side, but every message carries them. */
function constants(properties) {
  return Object.keys(properties).filter((key) => 'const' in properties[key])
}

function literal(value) {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value)
}

function comment(schema, indent) {
  if (!schema.description) return ''
  return `${indent}/** ${schema.description.replaceAll('*/', '').replaceAll('\n', ' ')} */\n`
}
