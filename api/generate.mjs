// Writes client.ts, the types of the API, from openapi.json. `make generate` runs it after the description is written.
import { readFileSync, writeFileSync } from "node:fs";

const at = (name) => new URL(name, import.meta.url);
const { components, paths } = JSON.parse(readFileSync(at("openapi.json"), "utf8"));
const nameOf = (ref) => ref.split("/").at(-1);

function typeOf(schema, indent = "") {
  if (!schema) return "void";
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.enum) return orNull(schema, schema.enum.map((v) => JSON.stringify(v)).join(" | "));
  if (schema.anyOf || schema.oneOf) return (schema.anyOf ?? schema.oneOf).map((s) => typeOf(s, indent)).join(" | ");
  return orNull(schema, plain(schema, indent));
}

const orNull = (schema, type) => (Array.isArray(schema.type) && schema.type.includes("null") ? `${type} | null` : type);

function plain(schema, indent) {
  const kind = [schema.type].flat().find((t) => t !== "null") ?? (schema.type ? "null" : undefined);
  switch (kind) {
    case "integer":
    case "number":
      return "number";
    case "string":
      return schema.format === "binary" ? "Blob" : "string";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array": {
      const items = typeOf(schema.items, indent);
      return items.includes("|") ? `(${items})[]` : `${items}[]`;
    }
    case "object":
      if (schema.properties) return objectOf(schema, indent);
      return `Record<string, ${schema.additionalProperties ? typeOf(schema.additionalProperties, indent) : "never"}>`;
    default:
      return "unknown";
  }
}

function objectOf(schema, indent) {
  const required = new Set(schema.required);
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const words = property.description ? `${indent}  /** ${property.description} */\n` : "";
    return `${words}${indent}  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${typeOf(property, indent + "  ")};`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function answerOf(operation) {
  const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
  const content = success?.content;
  if (!content) return "void";
  return content["application/json"] ? typeOf(content["application/json"].schema, "  ") : "Blob";
}

function bodyOf(operation) {
  const content = operation.requestBody?.content;
  if (!content) return "void";
  return content["application/json"] ? typeOf(content["application/json"].schema, "  ") : "FormData";
}

function queryOf(operation) {
  const query = (operation.parameters ?? []).filter((p) => p.in === "query");
  if (query.length === 0) return "{}";
  return `{ ${query.map((p) => `${p.name}${p.required ? "" : "?"}: ${typeOf(p.schema)}`).join("; ")} }`;
}

const schemas = Object.entries(components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const key = `${method.toUpperCase()} ${path.replace("/api/v1", "")}`;
    return `  /** ${operation.summary} */\n  ${JSON.stringify(key)}: { query: ${queryOf(operation)}; body: ${bodyOf(operation)}; answer: ${answerOf(operation)} };`;
  }),
);

writeFileSync(
  at("client.ts"),
  `// Generated from openapi.json by make generate. Do not edit.

${schemas.join("\n\n")}

/** Every operation, by method and path under /api/v1. */
export type Operations = {
${operations.join("\n")}
};
`,
);
