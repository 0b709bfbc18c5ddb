import { type ExecutionContext, ImATeapotException, type Type } from '@nestjs/common';
import {
  type EnteredCode,
  type GuardedCall,
  type GuardedStep,
  OtpException,
  OtpGuard,
  type OtpRequirement,
  type VerifiedOtp,
} from 'nestjs-sms-otp';
import { OTHER_NUMBER } from '../http.js';
import { Bank } from './bank.js';

/** What another service says. */
const FOREIGN: VerifiedOtp = {
  id: 'x',
  phoneNumber: OTHER_NUMBER,
  purpose: 'payout',
  subject: undefined,
  amr: ['hwk'],
  authTime: 0,
  expiresAt: 0,
  audience: [],
};

/** For each step of the guard, a guard in which the application replaced it. */
export const OWN_GUARDS: Readonly<Record<string, Type<OtpGuard>>> = {
  getRequirement: class extends OtpGuard {
    private readonly known = new WeakMap<object, OtpRequirement>();

    /** Feature flags, a table of routes, a decorator of one's own. */
    protected override getRequirement(context: ExecutionContext): OtpRequirement | undefined {
      const requirement = super.getRequirement(context);
      if (requirement === undefined) {
        return undefined;
      }
      const stricter = this.known.get(requirement) ?? { ...requirement, mode: 'proof' };
      this.known.set(requirement, stricter);
      return stricter;
    }
  },
  getCall: class extends OtpGuard {
    protected override getCall(): undefined {
      return undefined;
    }
  },
  isSkipped: class extends OtpGuard {
    protected override async isSkipped({ purpose }: OtpRequirement): Promise<boolean> {
      return purpose === 'payout';
    }
  },
  verify: class extends OtpGuard {
    protected override verify(...args: Parameters<OtpGuard['verify']>): ReturnType<OtpGuard['verify']> {
      if (args[0].purpose === 'payout') {
        throw new ImATeapotException();
      }
      return super.verify(...args);
    }
  },
  getCaller: class extends OtpGuard {
    protected override async getCaller() {
      return { subject: 'user-of-a-directory', phoneNumber: OTHER_NUMBER };
    }
  },
  getCode: class extends OtpGuard {
    /** `Authorization: OTP id code`, for clients that can send no other header. */
    protected override getCode({ httpRequest }: GuardedCall): EnteredCode | undefined {
      const [scheme, challengeId, code] = httpRequest?.headers.authorization?.split(' ') ?? [];
      return scheme === 'OTP' && challengeId && code ? { challengeId, code } : undefined;
    }
  },
  getProof: class extends OtpGuard {
    protected override getProof({ httpRequest }: GuardedCall): string | undefined {
      return httpRequest?.headers['x-acme-proof']?.toString();
    }
  },
  getTransaction: class extends OtpGuard {
    /** Codes for any route: what is paid counts, not how. */
    protected override async getTransaction(...args: Parameters<OtpGuard['getTransaction']>) {
      return { ...(await super.getTransaction(...args)), action: undefined };
    }
  },
  getBinding: class extends OtpGuard {
    /** Amounts as people write them. */
    protected override async getBinding(...args: Parameters<OtpGuard['getBinding']>): Promise<unknown> {
      const given = await super.getBinding(...args);
      return typeof given === 'object' && given !== null ? { ...given, amount: '12.00' } : given;
    }
  },
  getClient: class extends OtpGuard {
    protected override getClient() {
      return { ip: '198.51.100.7' };
    }
  },
  mayBeForged: class extends OtpGuard {
    /** Where cookies sign nobody in. */
    protected override mayBeForged(): boolean {
      return false;
    }
  },
  getLocale: class extends OtpGuard {
    protected override getLocale(): string {
      return 'en-AU';
    }
  },
  answer: class extends OtpGuard {
    protected override async answer(step: GuardedStep, entered: EnteredCode) {
      const otp = await super.answer(step, entered);
      return { ...otp, amr: [...otp.amr, 'mfa'] };
    }
  },
  checkProof: class extends OtpGuard {
    /** Proofs of another service, or of a test. */
    protected override async checkProof(step: GuardedStep, token: string | undefined) {
      return token === 'trust me' ? FOREIGN : super.checkProof(step, token);
    }
  },
  refuseProof: class extends OtpGuard {
    protected override async refuseProof(
      step: GuardedStep,
      reason: Parameters<OtpGuard['refuseProof']>[1],
    ): Promise<never> {
      throw this.toException(step.requirement, 'insufficient_proof', { detail: `The proof is ${reason}.` });
    }
  },
  refuseStranger: class extends OtpGuard {
    protected override refuseStranger(): Error {
      return new ImATeapotException();
    }
  },
  stepUp: class extends OtpGuard {
    /** Only from the office, only by day, only after a captcha. */
    protected override async stepUp(...args: Parameters<OtpGuard['stepUp']>): Promise<never> {
      const [step] = args;
      if (step.call.httpRequest?.headers['x-captcha'] !== 'solved') {
        throw new OtpException('forbidden');
      }
      return super.stepUp(...args);
    }
  },
  toException: class extends OtpGuard {
    protected override toException(...[, code, extras]: Parameters<OtpGuard['toException']>): OtpException {
      return new OtpException(code, extras, { 'WWW-Authenticate': 'Bearer realm="acme"' });
    }
  },
  warnOnce: class extends OtpGuard {
    /** The guard belongs to the module, so it looks for what it needs in the whole application. */
    protected override warnOnce(message: string): void {
      this.moduleRef.get(Bank, { strict: false }).run(`warned: ${message.slice(0, 11)}`);
    }
  },
};
