// Holds the import table: data goes one way, so imports go down only. Run without arguments for this repository, or with
// the path of another root. Spec files are free to import what they test.
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A folder may import from the layers above it in this list, and from itself; not from its neighbours in a layer. */
const LAYERS = [
  ['phone', 'secrets', 'telemetry'],
  ['code'],
  ['hashing', 'message', 'limits'],
  ['challenge'],
  ['delivery', 'proof', 'devices', 'risk'],
  ['flows'],
  ['http', 'admin'],
  ['module'],
];

/** The files at the top of the library's sources are the layer `module`; a new one is added here on purpose. */
const MODULE_FILES = [
  'index.ts',
  'otp.assembly.ts',
  'otp.boot-checks.ts',
  'otp.delivery-schema.ts',
  'otp.lifecycle.ts',
  'otp.limits-schema.ts',
  'otp.module-definition.ts',
  'otp.module.ts',
  'otp.options-schema.ts',
  'otp.options.ts',
  'otp.providers.ts',
  'otp.purposes-schema.ts',
  'otp.resolved-options.ts',
  'otp.schema-parts.ts',
  'otp.service-options.ts',
  'otp.service.ts',
  'otp.tokens.ts',
];

/** Types and errors of ports: everybody may import them. */
const PORTS = ['stores/otp-store.ts'];
/** All that a store may import from outside its own folder. */
const STORE_IMPORTS = [...PORTS, 'telemetry/clock.ts'];
/** Store folders that the library itself may load. The others are entries of their own, with packages of their own. */
const BUILT_IN_STORES = ['stores/memory/'];
/** Packages that only one folder may import. */
const PACKAGE_HOMES = {
  ioredis: 'stores/redis/',
  '@aws-sdk/client-pinpoint-sms-voice-v2': 'delivery/transports/aws',
  'fast-xml-parser': 'delivery/receipts/esendex',
};
/** Who may emit events; `telemetry/` implements them. */
const EMITTERS = ['flows/', 'admin/', 'telemetry/'];

const PROJECTS = ['libs/otp', 'apps/demo'];
const LIBRARY = 'libs/otp';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const projects = PROJECTS.filter((project) => existsSync(join(root, project, 'src')));
const results = await Promise.all(projects.map(checkProject));
const violations = results.flatMap((result) => result.violations);
const count = results.reduce((sum, result) => sum + result.count, 0);

violations.forEach((violation) => console.error(violation));
console.log(`${count} files, ${violations.length} import violations`);
process.exitCode = count === 0 || violations.length > 0 ? 1 : 0;

async function checkProject(project) {
  const sources = join(root, project, 'src');
  const entries = await readdir(sources, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(spec|d)\.ts$/.test(entry.name))
    .map((entry) => relative(sources, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
  const declared = declaredPackages(project);
  const found = await Promise.all(files.map((file) => checkFile({ project, sources, file, declared })));
  return { count: files.length, violations: found.flat() };
}

async function checkFile({ project, sources, file, declared }) {
  const text = await readFile(join(sources, file), 'utf8');
  const isLibrary = project === LIBRARY;
  if (isLibrary && layerOf(file) === undefined && !startsWithAny(file, ['stores/', 'testing/'])) {
    return [`${project}/src/${file}: is in no layer of the import table (tools/check-imports.mjs)`];
  }
  const problems = ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName: specifier }) => {
    const problem = specifier.startsWith('.')
      ? relativeProblem({ sources, file, specifier, isLibrary })
      : packageProblem({ file, specifier, declared, isLibrary });
    return problem === undefined ? [] : [`imports ${specifier} (${problem})`];
  });
  if (isLibrary && /\.emit\s*(\?\.)?\(/.test(text) && !startsWithAny(file, [...EMITTERS, 'testing/'])) {
    problems.push('emits an event (only flows/ and admin/ may)');
  }
  return problems.map((problem) => `${project}/src/${file}: ${problem}`);
}

function relativeProblem({ sources, file, specifier, isLibrary }) {
  const target = relative(sources, resolve(sources, dirname(file), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts');
  if (target.startsWith('../')) {
    return target === '../package.json' ? undefined : 'leaves its project';
  }
  return isLibrary ? layerProblem(file, target) : undefined;
}

/** Why `file` may not import `target`, both relative to the library's sources. */
function layerProblem(file, target) {
  if (file.startsWith('testing/')) {
    return undefined;
  }
  if (target.startsWith('testing/')) {
    return 'nothing outside testing/ may import testing/';
  }
  if (PORTS.includes(target)) {
    return undefined;
  }
  if (file.startsWith('stores/')) {
    const isOwn = target.startsWith('stores/') && [folderOf(file), 'stores'].includes(folderOf(target));
    return isOwn || STORE_IMPORTS.includes(target) ? undefined : 'stores may import ports and their own folder only';
  }
  if (target.startsWith('stores/')) {
    const isBuiltIn = layerOf(file) === 'module' && startsWithAny(target, BUILT_IN_STORES);
    return isBuiltIn ? undefined : `only the port ${PORTS.join(', ')} may be imported from stores/`;
  }
  const [from, to] = [layerOf(file), layerOf(target)];
  return from === to || rankOf(from) > rankOf(to) ? undefined : `layer ${from} may not import layer ${to}`;
}

function packageProblem({ file, specifier, declared, isLibrary }) {
  if (isBuiltin(specifier)) {
    return specifier.startsWith('node:') ? undefined : 'write node: before the name of a built-in module';
  }
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier];
  if (!declared.includes(name)) {
    return `the package's own package.json does not declare ${name}`;
  }
  const home = isLibrary && Object.hasOwn(PACKAGE_HOMES, name) ? PACKAGE_HOMES[name] : '';
  if (!file.startsWith(home)) {
    return `only ${home} may import ${name}`;
  }
  return specifier === name || isExported(name, specifier.slice(name.length))
    ? undefined
    : `${name} does not export it`;
}

function isExported(name, subpath) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { exports = {} } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  return Object.keys(exports).some((key) => {
    const [start, end] = key.slice(1).split('*');
    return end === undefined ? start === subpath : subpath.startsWith(start) && subpath.endsWith(end);
  });
}

function declaredPackages(project) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...peerDependencies });
}

function layerOf(file) {
  const [folder, ...rest] = file.split('/');
  const layer = rest.length === 0 ? MODULE_FILES.includes(file) && 'module' : folder;
  return rankOf(layer) === -1 ? undefined : layer;
}

function rankOf(layer) {
  return LAYERS.findIndex((names) => names.includes(layer));
}

function folderOf(file) {
  return file.split('/').slice(0, -1).slice(0, 2).join('/');
}

function startsWithAny(file, prefixes) {
  return prefixes.some((prefix) => file.startsWith(prefix));
}
