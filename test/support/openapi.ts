import { z } from 'zod';

const reference = z.looseObject({ $ref: z.string() });
const schema = z.looseObject({});
const header = z.looseObject({ schema });
const media = z.looseObject({ schema });

const responseSchema = z.looseObject({
  description: z.string(),
  headers: z.record(z.string(), header).optional(),
  content: z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), media).optional(),
});

const parameterSchema = z.looseObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  schema,
});

const securitySchema = z.array(z.record(z.string(), z.array(z.string())));

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string().optional(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), media) }).optional(),
  responses: z.record(z.string().regex(/^([1-5](\d\d|XX)|default)$/), z.union([reference, responseSchema])),
  security: securitySchema.optional(),
});

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

const schemeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('apiKey'),
    in: z.enum(['header', 'cookie', 'query']),
    name: z.string().regex(/^[^\s;,=]+$/),
    description: z.string().optional(),
  }),
  z.looseObject({ type: z.literal('http'), scheme: z.string() }),
]);

const componentName = z.string().regex(/^[A-Za-z0-9._-]+$/);

/** OpenAPI 3.0.4 and 3.1.1, as far as an application with this module uses them. */
const documentSchema = z.looseObject({
  openapi: z.string().regex(/^3\.[01]\.\d+$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject(Object.fromEntries(METHODS.map((method) => [method, operationSchema.optional()]))),
  ),
  components: z.looseObject({
    schemas: z.record(componentName, schema).default({}),
    securitySchemes: z.record(componentName, schemeSchema).default({}),
  }),
  security: securitySchema.optional(),
});

export type ApiDocument = z.infer<typeof documentSchema>;
export type ApiOperation = z.infer<typeof operationSchema>;

/**
 * Reads a document as a client's generator would.
 *
 * @throws Error that lists everything that is wrong with it.
 */
export function readDocument(given: unknown): ApiDocument {
  // What leaves the server is JSON.
  const document = documentSchema.parse(JSON.parse(JSON.stringify(given)));
  const faults = [
    ...operationsOf(document).flatMap(([name, operation]) => operationFaults(document, name, operation)),
    ...repeated(operationsOf(document).map(([, { operationId }]) => operationId)).map((id) => `${id} is there twice`),
    ...referencesIn(document)
      .filter((ref) => resolve(document, ref) === undefined)
      .map((ref) => `${ref} leads nowhere`),
  ];
  if (faults.length > 0) {
    throw new Error(`not a valid document:\n${faults.join('\n')}`);
  }
  return document;
}

/** All operations under `METHOD /path`. */
export function operationsOf({ paths }: ApiDocument): [name: string, operation: ApiOperation][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]): [string, ApiOperation][] =>
      operation === undefined ? [] : [[`${method.toUpperCase()} ${path}`, operation]],
    ),
  );
}

/** @throws Error when there is none. */
export function operationOf(document: ApiDocument, name: string): ApiOperation {
  const operation = Object.fromEntries(operationsOf(document))[name];
  if (operation === undefined) {
    throw new Error(`the document has no ${name}`);
  }
  return operation;
}

/** Of one content type of an answer, with no member beyond those named; `undefined` where it is not described. */
export function answerSchema(
  document: ApiDocument,
  operation: ApiOperation,
  { status, type }: { readonly status: number; readonly type: string },
): z.ZodType | undefined {
  const response = responseSchema.safeParse(operation.responses[status]).data;
  const described = response?.content?.[type]?.schema;
  return described && z.fromJSONSchema(z.looseObject({}).parse(filledIn(document, described)));
}

/** Of the JSON body that an operation takes. */
export function bodySchema(document: ApiDocument, operation: ApiOperation): z.ZodType {
  const described = operation.requestBody?.content['application/json']?.schema;
  return z.fromJSONSchema(z.looseObject({}).parse(filledIn(document, described)));
}

function operationFaults({ components, security = [] }: ApiDocument, name: string, operation: ApiOperation): string[] {
  const { parameters } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const placeholders = [...name.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder);
  const schemes = [...security, ...(operation.security ?? [])].flatMap((alternative) => Object.keys(alternative));
  return [
    ...repeated(parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`)).map(
      (twice) => `parameter ${twice} is there twice`,
    ),
    ...inPath.filter(({ required }) => required !== true).map((parameter) => `${parameter.name} must be required`),
    ...(inPath.length === placeholders.length && inPath.every((parameter) => placeholders.includes(parameter.name))
      ? []
      : ['its parameters are not those of the path']),
    ...schemes
      .filter((scheme) => components.securitySchemes[scheme] === undefined)
      .map((scheme) => `${scheme} is not declared`),
    ...(Object.keys(operation.responses).some((status) => /^[23]/.test(status)) ? [] : ['it never succeeds']),
  ].map((fault) => `${name}: ${fault}`);
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => (name === '$ref' ? [String(member)] : referencesIn(member)));
}

function filledIn(document: ApiDocument, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((member) => filledIn(document, member));
  }
  const { success, data } = reference.safeParse(value);
  if (success) {
    return filledIn(document, resolve(document, data.$ref));
  }
  const filled = Object.entries(value).map(([name, member]) => [name, filledIn(document, member)]);
  return { ...Object.fromEntries(filled), ...('properties' in value ? { additionalProperties: false } : {}) };
}

function resolve(document: ApiDocument, ref: string): unknown {
  const name = /^#\/components\/schemas\/(.+)$/.exec(ref)?.[1];
  return name === undefined ? undefined : document.components.schemas[name];
}
