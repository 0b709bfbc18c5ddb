import { Logger } from '@nestjs/common';
import { StoreUnavailableError } from 'nestjs-sms-otp';
import { isLoopback, readDemoConfig, type DemoConfig } from './config.js';
import { createDemoApp } from './create-app.js';
import { DemoConfigError } from './environment.js';

const SHUTDOWN_DEADLINE_MS = 5000;

async function main(): Promise<void> {
  const config = readDemoConfig(process.env);
  const app = await createDemoApp({ config });
  const logger = new Logger('Demo');
  warningsOf(config).forEach((warning) => logger.warn(warning));
  closeOnSignal(() => app.close());
  await app.listen(config.port, config.host);
  logger.log(`Demo on ${await app.getUrl()}`);
}

function warningsOf({ warnings, production, host }: DemoConfig): readonly string[] {
  if (production) {
    return [...warnings, 'No SMS leaves this demo: messages stay in memory and nobody can read them.'];
  }
  return isLoopback(host)
    ? warnings
    : [...warnings, `Everybody who reaches ${host} can read the codes at /dev/inbox: set NODE_ENV=production.`];
}

/** A second signal, or a shutdown that hangs, ends the process at once. */
function closeOnSignal(close: () => Promise<void>): void {
  const shutDown = (): void => {
    setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
    close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', shutDown);
  process.once('SIGINT', shutDown);
}

function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof DemoConfigError) {
    return error.message;
  }
  if (error instanceof StoreUnavailableError) {
    return 'REDIS_URL names a Redis that does not answer: start it, or correct the address, user and password.';
  }
  if (!(error instanceof Error)) {
    return String(error);
  }
  const mends: Readonly<Record<string, string>> = {
    EADDRINUSE: 'PORT is taken by another program: stop it or choose another, e.g. PORT=3001.',
    EACCES: 'PORT needs more rights than this process has: choose one above 1023, e.g. PORT=3000.',
    EADDRNOTAVAIL: 'HOST is no address of this machine: use one that is, e.g. HOST=127.0.0.1.',
    ENOTFOUND: 'HOST is a name that cannot be resolved: use an address, e.g. HOST=127.0.0.1.',
  };
  const mend = 'code' in error && typeof error.code === 'string' ? mends[error.code] : undefined;
  return mend ?? `The demo could not start: ${error.message}`;
}

main().catch(fail);
