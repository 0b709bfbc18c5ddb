// #region sim-swap
import type { RiskAssessor, RiskRequest, RiskVerdict } from 'nestjs-sms-otp';

/** The operator's SIM Swap API (CAMARA): did this number get another SIM in the last 72 hours? */
export class SimSwapAssessor implements RiskAssessor {
  constructor(
    private readonly url: string, // https://api.example.com/sim-swap/v2/check
    private readonly token: () => Promise<string>,
  ) {}

  async assess({ phoneNumber }: RiskRequest, { signal }: { readonly signal: AbortSignal }): Promise<RiskVerdict> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumber, maxAge: 72 }),
      signal,
    });
    const answer: unknown = await response.json();
    if (!response.ok || typeof answer !== 'object' || answer === null || !('swapped' in answer)) {
      throw new Error('no answer about the SIM'); // `onFailure` decides
    }
    return answer.swapped === false ? { decision: 'allow' } : { decision: 'deny', reason: 'sim swapped within 72 h' };
  }
}
// #endregion sim-swap

/** Where your CAPTCHA's endpoint writes who has solved one, and forgets it after some minutes. */
export interface CaptchaPasses {
  has(phoneNumber: string, ip: string | undefined): Promise<boolean>;
}

// #region captcha
/** Lets people through a budget that an attack has used up, one CAPTCHA a number and address. */
export class CaptchaAssessor implements RiskAssessor {
  constructor(private readonly passes: CaptchaPasses) {}

  async assess({ phoneNumber, client, usedUp }: RiskRequest): Promise<RiskVerdict> {
    if (usedUp.length === 0 || client === 'none') {
      return { decision: 'allow' };
    }
    const solved = await this.passes.has(phoneNumber, client.ip);
    return solved ? { decision: 'allow', cleared: true } : { decision: 'allow' };
  }
}
// #endregion captcha

export interface Accounts {
  /** By E.164, as `verify` gave it when the number was registered. */
  isRegistered(phoneNumber: string): Promise<boolean>;
}

// #region registered-only
/** Sends to registered numbers only, and tells nobody which these are. Needs `risk: { assessor, decoys: true }`. */
export class RegisteredOnly implements RiskAssessor {
  constructor(private readonly accounts: Accounts) {}

  async assess({ phoneNumber }: RiskRequest): Promise<RiskVerdict> {
    const registered = await this.accounts.isRegistered(phoneNumber); // takes as long for both
    return registered ? { decision: 'allow' } : { decision: 'decoy', reason: 'not registered' };
  }
}
// #endregion registered-only
