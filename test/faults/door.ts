import { setImmediate } from 'node:timers/promises';
import type { IssueResult, OtpService, ResendResult, VerifyResult } from 'nestjs-sms-otp';
import type { Answered } from './ledger.js';

/** Through which people reach one instance, in this process or another. */
export interface Door {
  issue(phoneNumber: string, ip: string): Promise<Answered>;
  resend(challengeId: string, ip: string): Promise<Answered>;
  verify(challengeId: string, code: string, ip: string): Promise<Answered>;
  cancel(challengeId: string): Promise<Answered>;
}

export const PURPOSE = 'login';

/** The service's methods, called as a controller calls them: each request comes in a turn of the event loop of its own. */
export function serviceDoor(service: OtpService): Door {
  return {
    async issue(phoneNumber, ip) {
      await setImmediate();
      return told(await service.issue({ purpose: PURPOSE, phoneNumber, client: { ip } }));
    },
    async resend(challengeId, ip) {
      await setImmediate();
      return told(await service.resend({ challengeId, client: { ip } }));
    },
    async verify(challengeId, code, ip) {
      await setImmediate();
      return told(await service.verify({ purpose: PURPOSE, challengeId, code, client: { ip } }));
    },
    async cancel(challengeId) {
      await setImmediate();
      const { outcome } = await service.cancel({ challengeId });
      return { outcome };
    },
  };
}

function told(result: IssueResult | ResendResult | VerifyResult): Answered {
  switch (result.outcome) {
    case 'issued':
    case 'resent': {
      const { challengeId, expiresAt } = result.challenge;
      return { outcome: result.outcome, challengeId, expiresAt: Date.parse(expiresAt) };
    }
    case 'incorrect_code':
      return { outcome: result.outcome, attemptsRemaining: result.attemptsRemaining };
    default:
      return { outcome: result.outcome };
  }
}
