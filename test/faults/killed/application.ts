import 'reflect-metadata';
import { appendFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { hmacSha256, OtpModule, OtpService } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { type Door, serviceDoor } from '../door.js';
import type { Answered } from '../ledger.js';
import { LIMITS, PURPOSES } from '../rules.js';
import { RunningClock } from '../running-clock.js';
import { type Witnessed, witnessedHasher, witnessedStore, witnessedTransport } from '../witness.js';
import { type Request, requestSchema, startSchema, type Witnessing } from './messages.js';
import { Steps } from './steps.js';

/*
 * An application that can be killed: a process of its own, asked by messages. What its witnesses see is in a file before
 * it goes on, so that nothing is lost with it.
 */
const { url, secret, indexSecret, file, since } = startSchema.parse(JSON.parse(process.argv[2] ?? ''));
const write = (line: Witnessing) => appendFileSync(file, `${JSON.stringify(line)}\n`);
const witness: Witnessed = {
  tellSent: (number, code) => write({ kind: 'sent', number, code }),
  tellMade: (hash, challenge) => write({ kind: 'made', hash, challenge }),
  tellCompared: (hash) => write({ kind: 'compared', hash }),
};
const steps = new Steps((name) => write({ kind: 'step', name }));
const clock = new RunningClock(since);

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [secret],
      indexSecret,
      purposes: PURPOSES,
      limits: LIMITS,
      store: witnessedStore(steps.store(redisStore({ url, clock })), witness),
      hashing: steps.hasher(witnessedHasher(hmacSha256(), witness)),
      transports: [steps.transport(witnessedTransport(witness))],
    }),
  ],
})
class Application {}

const app = await NestFactory.createApplicationContext(Application, { logger: false });
const door = serviceDoor(app.get(OtpService));
process.on('message', (message) => void take(requestSchema.parse(message)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function take(request: Request): Promise<void> {
  if (request.kind === 'die') {
    steps.dieAt(request);
    return;
  }
  const answered = await ask(door, request).catch((error: unknown) => ({ outcome: 'thrown', detail: String(error) }));
  process.send?.({ id: request.id, answered });
}

function ask(
  to: Door,
  { operation, args: [first = '', second = '', third = ''] }: Extract<Request, { kind: 'ask' }>,
): Promise<Answered> {
  switch (operation) {
    case 'issue':
      return to.issue(first, second);
    case 'resend':
      return to.resend(first, second);
    case 'verify':
      return to.verify(first, second, third);
    case 'cancel':
      return to.cancel(first);
  }
}
