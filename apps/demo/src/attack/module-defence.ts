import { AsyncLocalStorage } from 'node:async_hooks';
import type { OtpEvents, OtpService, ResendResult, IssueResult } from 'nestjs-sms-otp';
import {
  type Defence,
  type GuessAnswer,
  type GuessRequest,
  refusedBy,
  type ResendRequest,
  type SendAnswer,
  type SendRequest,
  type SignInAnswer,
} from './defence.js';

interface Note {
  /** The limit, or the reason where no limit refused. */
  by?: string;
}

export interface ModuleDefenceParts {
  readonly otp: OtpService;
  readonly events: OtpEvents;
  readonly purpose: string;
  /** The code of the newest message to a number, which only its owner reads. */
  readonly codeSentTo: (phoneNumber: string) => string | undefined;
}

/** The running demo's own module, called as its pages call it. */
export class ModuleDefence implements Defence {
  /** Answers do not tell which limit refused, events do; other requests run at the same time. */
  private readonly notes = new AsyncLocalStorage<Note>();
  private readonly unsubscribe: readonly (() => void)[];

  constructor(private readonly parts: ModuleDefenceParts) {
    const note = (event: { readonly limit?: string; readonly reason: string }) => {
      const current = this.notes.getStore();
      if (current !== undefined) {
        current.by = event.limit ?? event.reason;
      }
    };
    this.unsubscribe = [parts.events.on('challenge.refused', note), parts.events.on('answer.refused', note)];
  }

  close(): void {
    this.unsubscribe.forEach((stop) => stop());
  }

  async send({ target, ip, purpose = this.parts.purpose, deviceToken }: SendRequest): Promise<SendAnswer> {
    const client = deviceToken === undefined ? { ip } : { ip, deviceToken };
    // In English each message is one segment, as the costs of both sides count it.
    const request = { purpose, phoneNumber: target.number, client, locale: 'en' };
    return this.sent(() => this.parts.otp.issue(request));
  }

  async resend({ challengeId, ip }: ResendRequest): Promise<SendAnswer> {
    return this.sent(() => this.parts.otp.resend({ challengeId, client: { ip } }));
  }

  async guess({ challengeId, code, ip, purpose = this.parts.purpose }: GuessRequest): Promise<GuessAnswer> {
    const { result, note } = await this.noting(() =>
      this.parts.otp.verify({ challengeId, code, purpose, client: { ip } }),
    );
    switch (result.outcome) {
      case 'verified':
        return { outcome: 'right' };
      case 'incorrect_code':
        return { outcome: 'wrong' };
      default:
        return refusedBy(note.by ?? result.outcome);
    }
  }

  async signIn(request: SendRequest): Promise<SignInAnswer> {
    const { ip, deviceToken, purpose = this.parts.purpose } = request;
    const sent = await this.send(request);
    if (sent.outcome === 'refused') {
      return sent;
    }
    const code = this.parts.codeSentTo(request.target.number);
    if (code === undefined) {
      return refusedBy('no_message');
    }
    const client = deviceToken === undefined ? { ip } : { ip, deviceToken };
    const { challengeId } = sent;
    const { result, note } = await this.noting(() =>
      this.parts.otp.verify({ challengeId, code, purpose, client, rememberDevice: true }),
    );
    if (result.outcome !== 'verified') {
      return refusedBy(note.by ?? result.outcome);
    }
    return result.deviceToken === undefined
      ? { outcome: 'signed_in' }
      : { outcome: 'signed_in', deviceToken: result.deviceToken };
  }

  private async sent(ask: () => Promise<IssueResult | ResendResult>): Promise<SendAnswer> {
    const { result, note } = await this.noting(ask);
    return result.outcome === 'issued' || result.outcome === 'resent'
      ? { outcome: 'sent', challengeId: result.challenge.challengeId }
      : refusedBy(note.by ?? result.outcome);
  }

  private async noting<T>(ask: () => Promise<T>): Promise<{ readonly result: T; readonly note: Note }> {
    const note: Note = {};
    const result = await this.notes.run(note, ask);
    return { result, note };
  }
}
