// One application of the soak, as a process: it serves until it is told to close, and then has nothing left to wait for.
import { hmacSha256 } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { httpsTransport, jsonReceipts } from 'nestjs-sms-otp/transports/https';
import { z } from 'zod';
import { startOtpApp } from '../support/otp-app.js';
import { HeaderCaller, SoakController } from './controller.js';
import { putIn } from './leaks.js';
import { measureProcess, stopMeasuring } from './measure-process.js';
import {
  type ApplicationSettings,
  type FromApplication,
  NAMESPACE,
  type ToApplication,
  WEBHOOK_SECRET,
} from './messages.js';

const { redisUrl, providerUrl, clockMs, leak }: ApplicationSettings = JSON.parse(process.argv[2] ?? '');
const clock = new ManualClock(clockMs);
const tell = (message: FromApplication) => process.send?.(message);

process.on('unhandledRejection', (reason) => tell({ kind: 'unhandled', text: String(reason) }));
process.on('uncaughtException', (error) => tell({ kind: 'unhandled', text: String(error.stack) }));

const otp = await startOtpApp({
  clock,
  publicUrl: 'https://api.acme.com',
  purposes: { login: { start: 'public' }, transfer: { binding: z.object({ amount: z.string().max(20) }) } },
  hashing: hmacSha256(),
  caller: HeaderCaller,
  trustedProxies: ['loopback'],
  sendTimeoutSeconds: 1,
  store: redisStore({ url: redisUrl, namespace: NAMESPACE, clock, commandTimeoutMs: 400 }),
  transports: [
    httpsTransport({
      url: providerUrl,
      body: ({ to, code }) => ({ to, code }),
      messageId: idOf,
      receipts: jsonReceipts({
        read: (body) => [{ messageId: idOf(body) ?? '', state: 'delivered' }],
        signature: { header: 'x-soak-signature', secrets: [WEBHOOK_SECRET] },
      }),
    }),
  ],
  metadata: { controllers: [SoakController], providers: [HeaderCaller] },
  configure: (app) => (leak === undefined ? undefined : putIn(leak, app, redisUrl)),
});

// The soak is gone: nobody will say `close`.
const abandoned = () => process.exit(1);
process.once('disconnect', abandoned);
process.on('message', (message: ToApplication) => void obey(message));
tell({ kind: 'listening', url: otp.url });

async function obey(message: ToApplication): Promise<void> {
  switch (message.kind) {
    case 'advance':
      clock.advanceMs(message.ms);
      tell({ kind: 'advanced' });
      return;
    case 'measure':
      tell({ kind: 'measured', sample: await measureProcess() });
      return;
    case 'close':
      await otp.close();
      stopMeasuring();
      process.off('disconnect', abandoned);
      process.disconnect();
  }
}

function idOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' ? body.id : undefined;
}
