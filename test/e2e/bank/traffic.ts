import { OtpService } from 'nestjs-sms-otp';
import { AttackRunner } from '../../../apps/demo/src/attack/attack-runner.js';
import type { AttackName } from '../../../apps/demo/src/attack/attack.js';
import type { RunningDemo } from '../../support/demo-app.js';
import { effort } from '../../support/effort.js';
import type { Scenery } from './scenery.js';

/** Mobile numbers without their last four digits, which are counted up. */
const BEGINNINGS = ['+3162000', '+3247012', '+3361234', '+491512300', '+44740010', '+3461234'] as const;
const VICTIM = '+31620009977';
const MINUTES = 50;
/** Customers come in one minute of so many. */
const EVERY_MINUTES = effort(4, 1);

/** Most of an hour of customers: most give the right code, some a wrong one first, some none. */
export async function customersSignIn({ demo, pass }: Scenery): Promise<void> {
  const otp = demo.app.get(OtpService);
  let count = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    pass(60);
    if (minute % 15 === 10) {
      await strangerGuesses(demo);
    }
    const customers = minute % EVERY_MINUTES > 0 ? 0 : minute % 3 === 0 ? 2 : 1;
    for (let customer = 0; customer < customers; customer += 1) {
      count += 1;
      const phoneNumber = numberOf(count);
      const client = { ip: `198.51.100.${count}` };
      const issued = await otp.issue({ purpose: 'login', phoneNumber, client, locale: 'en' });
      if (issued.outcome !== 'issued') {
        throw new Error(`a customer got no code: ${issued.outcome}`);
      }
      const { challengeId } = issued.challenge;
      const code = demo.lastCodeTo(phoneNumber);
      const answers = count % 7 === 0 ? [] : count % 5 === 0 ? [otherThan(code), code] : [code];
      for (const answer of answers) {
        await otp.verify({ purpose: 'login', challengeId, code: answer, client });
      }
    }
  }
}

/** All attempts of a code; the third time the number is locked for strangers. */
async function strangerGuesses({ app, lastCodeTo }: RunningDemo): Promise<void> {
  const otp = app.get(OtpService);
  const client = { ip: '203.0.113.9' };
  const issued = await otp.issue({ purpose: 'login', phoneNumber: VICTIM, client, locale: 'en' });
  if (issued.outcome !== 'issued') {
    throw new Error(`a stranger got no code: ${issued.outcome}`);
  }
  const { challengeId } = issued.challenge;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await otp.verify({ purpose: 'login', challengeId, code: otherThan(lastCodeTo(VICTIM)), client });
  }
}

/** Launches an attack and waits until it is over. */
export async function attack({ app }: RunningDemo, name: AttackName): Promise<void> {
  const runner = app.get(AttackRunner);
  if (runner.start(name) !== 'started') {
    throw new Error('another attack runs');
  }
  await runner.ended();
}

/** A code of the same length that is wrong. */
export function otherThan(code: string): string {
  return code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
}

function numberOf(count: number): string {
  const beginning = BEGINNINGS[count % BEGINNINGS.length] ?? BEGINNINGS[0];
  // Never 00 at the end: those numbers get no messages.
  return `${beginning}${String(count * 10 + 1).padStart(4, '0')}`;
}
