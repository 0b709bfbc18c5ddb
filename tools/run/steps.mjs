import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a trailing slash. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A step that ended the run; its output has already said why. */
export class StepFailure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs one named step and prints how long it took. */
export async function step(title, action) {
  console.log(`▸ ${title}`);
  const started = performance.now();
  const result = await action();
  console.log(`  ${title}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  return result;
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const ORPHAN_CHECK_MS = 300;

/**
 * Runs a program with this terminal and passes on the signals that this process gets, so that it can end in its own
 * way. Resolves to its exit code; 128 and the signal's number when a signal ended it, as shells count.
 */
export function run(program, args, { env = process.env, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio });
    const forward = (signal) => child.kill(signal);
    // npm's shell dies of a signal without passing it on; then this process gets another parent.
    const parent = process.ppid;
    const orphaned = setInterval(() => process.ppid !== parent && forward('SIGTERM'), ORPHAN_CHECK_MS);
    const finish = () => {
      clearInterval(orphaned);
      FORWARDED.forEach((signal) => process.off(signal, forward));
    };
    FORWARDED.forEach((signal) => process.on(signal, forward));
    child.on('error', (error) => {
      finish();
      reject(new StepFailure(`${program} could not be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      finish();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Like `run`, for programs that must succeed. */
export async function mustRun(program, args, options) {
  const exitCode = await run(program, args, options);
  if (exitCode !== 0) {
    throw new StepFailure(`${[program, ...args].join(' ')} ended with ${exitCode}`, exitCode);
  }
}

const tools = {
  nest: '@nestjs/cli/bin/nest.js',
  oxlint: 'oxlint/bin/oxlint',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
};

/** The path of an installed tool's program. Not its link in `.bin`, which is a shell script on some systems. */
export function toolPath(name) {
  return `${root}node_modules/${tools[name]}`;
}

/** Runs an installed tool with this very Node; it must succeed. */
export async function mustRunTool(name, args) {
  const exitCode = await run(process.execPath, [toolPath(name), ...args]);
  if (exitCode !== 0) {
    throw new StepFailure(`${[name, ...args].join(' ')} ended with ${exitCode}`, exitCode);
  }
}
