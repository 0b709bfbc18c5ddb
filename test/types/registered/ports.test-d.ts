import { Injectable } from '@nestjs/common';
import {
  type Channel,
  type OtpCaller,
  type OtpCallerIdentity,
  type OtpEvent,
  type OtpEvents,
  type OtpEventType,
  type OutgoingMessage,
  type RiskAssessor,
  type SendRefusal,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import type { AppRequest } from './otp-register.js';

declare const events: OtpEvents;

it('a transport is a name, its channels and send', () => {
  @Injectable()
  class AcmeSms implements SmsTransport {
    readonly name = 'acme';
    readonly channels = ['sms'] as const;

    async send(message: OutgoingMessage, { signal }: { readonly signal: AbortSignal }) {
      expectTypeOf(message.channel).toEqualTypeOf<Channel>();
      return signal.aborted
        ? ({ outcome: 'failed', reason: 'transient' } as const)
        : ({ outcome: 'accepted', messageId: 'message-1' } as const);
    }
  }
  expectTypeOf<AcmeSms>().toExtend<SmsTransport>();

  class Wordy implements SmsTransport {
    readonly name = 'wordy';
    // @ts-expect-error no such channel
    readonly channels = ['letter'] as const;

    // @ts-expect-error a failure has a reason of the list
    async send() {
      return { outcome: 'failed', reason: 'because' } as const;
    }
  }
  void Wordy;
});

it('A4 a caller tells whose number it is, or nobody', () => {
  class Caller implements OtpCaller {
    async resolve({ user }: AppRequest): Promise<OtpCallerIdentity | undefined> {
      return user.id === '' ? undefined : { subject: user.id, phoneNumber: '+31612345678', session: user.id };
    }
  }
  class NumberlessCaller implements OtpCaller {
    // @ts-expect-error no number
    async resolve({ user }: AppRequest) {
      return { subject: user.id };
    }
  }
  void [Caller, NumberlessCaller];
});

it('D2 an assessor answers one of its verdicts', () => {
  const assessor: RiskAssessor = { assess: async () => ({ decision: 'deny' }) };
  // @ts-expect-error no such verdict
  const undecided: RiskAssessor = { assess: async () => ({ decision: 'perhaps' }) };
  void [assessor, undecided];
});

it('K1 a handler gets the event that it asks for', () => {
  events.on('challenge.refused', (event) => {
    expectTypeOf(event).toEqualTypeOf<OtpEvent<'challenge.refused'>>();
    expectTypeOf(event.reason).toEqualTypeOf<SendRefusal>();
    expectTypeOf(event.time).toEqualTypeOf<string>();
  });
  events.on('challenge.failed', ({ reason, attemptsRemaining }) => {
    expectTypeOf(reason).toEqualTypeOf<'wrong_code' | 'wrong_binding'>();
    expectTypeOf(attemptsRemaining).toEqualTypeOf<number>();
  });
  expectTypeOf(events.on('challenge.issued', async () => undefined)).toEqualTypeOf<() => void>();
});

it('with a star every event, told apart by its type', () => {
  events.on('*', (event) => {
    expectTypeOf(event.type).toEqualTypeOf<OtpEventType>();
    // @ts-expect-error not every event has one
    void event.attemptsRemaining;
    if (event.type === 'challenge.failed') {
      expectTypeOf(event.attemptsRemaining).toEqualTypeOf<number>();
    }
  });
});

it('A6 what does not happen, and what an event must not tell, does not compile', () => {
  // @ts-expect-error no such event
  events.on('challenge.opened', () => undefined);
  // @ts-expect-error no event has a code
  events.on('challenge.issued', ({ code }) => void code);
  // @ts-expect-error nor a number
  events.on('challenge.issued', ({ phoneNumber }) => void phoneNumber);
});
