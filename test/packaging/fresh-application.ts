import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { npmEnvironment } from './packed-library.js';

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL('./application/', import.meta.url));
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** As the templates of Nest 12 have it, and every declaration is checked, those of packages included. */
const COMPILER_OPTIONS = {
  target: 'ES2023',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  isolatedModules: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: false,
  types: ['node'],
  rootDir: 'src',
  outDir: 'dist',
};

export interface FreshApplicationOptions {
  /** An empty folder outside the repository, so that nothing of the repository's is found from it. */
  readonly folder: string;
  /** Decides what TypeScript makes of the sources: `module` for ES modules, `undefined` for CommonJS. */
  readonly type: 'module' | undefined;
  /** Files of `application/`; the first is started. */
  readonly sources: readonly [main: string, ...others: string[]];
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A Nest application of its own, which knows the library only as a package from npm. */
export class FreshApplication {
  private readonly options: FreshApplicationOptions;
  private child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  private output = '';
  private errors = '';

  constructor(options: FreshApplicationOptions) {
    this.options = options;
  }

  /** All that it has written to its error stream. */
  get complaints(): string {
    return this.errors;
  }

  /** Writes the application and runs `npm install` in it, with the registry that npm is configured for. */
  async install(): Promise<void> {
    const { folder, type, sources, dependencies } = this.options;
    await mkdir(join(folder, 'src'), { recursive: true });
    await this.write('package.json', { name: basename(folder), version: '1.0.0', private: true, type, dependencies });
    await this.write('tsconfig.json', { compilerOptions: COMPILER_OPTIONS, include: ['src'] });
    for (const source of sources) {
      await copyFile(join(SOURCES, source), join(folder, 'src', source));
    }
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env: npmEnvironment(),
    });
  }

  /** Compiles and type-checks; answers with the compiler's complaints. */
  async compile(): Promise<string> {
    return new Promise((resolve) => {
      execFile(process.execPath, [TSC, '-p', this.options.folder], (error, output) => {
        resolve(error === null ? '' : output || error.message);
      });
    });
  }

  /** The compiled text of one of its sources. */
  async compiled(source: string): Promise<string> {
    return readFile(join(this.options.folder, 'dist', source.replace(/\.ts$/, '.js')), 'utf8');
  }

  /** Whether a package stands in its `node_modules`. */
  has(packageName: string): boolean {
    return existsSync(join(this.options.folder, 'node_modules', packageName));
  }

  /** Resolves to its address once it listens. */
  async start(): Promise<string> {
    const main = join(this.options.folder, 'dist', this.options.sources[0].replace(/\.ts$/, '.js'));
    const child = spawn(process.execPath, [main], {
      cwd: this.options.folder,
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    const ended = once(child, 'close').then(() => {
      throw new Error(`the application ended early: ${this.errors}${this.output}`);
    });
    ended.catch(() => undefined);
    for (;;) {
      const url = /listening on (http:\S+)/.exec(this.output)?.[1];
      if (url !== undefined) {
        return url;
      }
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }
  }

  private async write(file: string, content: object): Promise<void> {
    await writeFile(join(this.options.folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}
