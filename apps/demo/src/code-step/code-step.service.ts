import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  type Channel,
  type ChallengeStatusView,
  type IssueResult,
  OtpDeviceCookie,
  OtpService,
  type ResendResult,
  type VerifyResult,
} from 'nestjs-sms-otp';
import { Records } from '../records/records.js';
import type { DemoRequest } from '../web/demo-request.js';
import { keyOfId, randomId } from '../web/id-cookie.js';
import { AWAITED_CODES, type AwaitedCode, CODE_COOKIE } from './awaited-code.js';
import type { CodeCall } from './code-call.js';
import { CODE_FLOWS, CodeFlow } from './code-flow.js';

/** What one browser is to answer. */
export interface OpenStep {
  readonly id: string;
  readonly flow: CodeFlow;
  readonly awaited: AwaitedCode;
}

type SendRefusal = Exclude<IssueResult | ResendResult, { readonly outcome: 'issued' | 'resent' }>;
export type SendAnswer = { readonly outcome: 'sent' } | SendRefusal;

type VerifyRefusal = Exclude<VerifyResult, { readonly outcome: 'verified' }>;
export type CodeAnswer = { readonly outcome: 'accepted'; readonly path: string } | VerifyRefusal;

/** The step at which a person enters a code, for every flow. Its cookie's secret is part of what the code is hashed with. */
@Injectable()
export class CodeStepService {
  constructor(
    private readonly otp: OtpService,
    private readonly records: Records,
    private readonly deviceCookie: OtpDeviceCookie,
    private readonly host: HttpAdapterHost,
    @Inject(CODE_FLOWS) private readonly flows: readonly CodeFlow[],
  ) {}

  /** Sends the first code of a flow; the browser is to enter it at `/code`. */
  async start(name: string, data: object, call: CodeCall & { readonly channel?: Channel }): Promise<SendAnswer> {
    return this.open(this.flowOf(name), { data: { ...data }, mark: randomId() }, call);
  }

  async find(request: DemoRequest): Promise<OpenStep | undefined> {
    const id = CODE_COOKIE.read(request);
    const awaited = id === undefined ? undefined : await this.records.find(AWAITED_CODES, keyOfId(id));
    if (id === undefined || awaited === undefined) {
      return undefined;
    }
    const flow = this.flowOf(awaited.flow);
    return (await flow.isOpenTo(awaited.data, request)) ? { id, awaited, flow } : undefined;
  }

  /** The challenge while a code can answer it. */
  async challengeOf({ awaited }: OpenStep): Promise<ChallengeStatusView | 'gone' | 'unavailable'> {
    const result = await this.otp.status({ challengeId: awaited.challengeId });
    if (result.outcome === 'live') {
      return result.challenge;
    }
    return result.outcome === 'challenge_gone' ? 'gone' : 'unavailable';
  }

  async answer(
    step: OpenStep,
    { code, rememberDevice }: { readonly code: string; readonly rememberDevice: boolean },
    call: CodeCall,
  ): Promise<CodeAnswer> {
    const { flow, awaited, id } = step;
    const { request, response, client } = call;
    const { challengeId, data } = awaited;
    const result = await this.otp.verify({
      purpose: flow.purpose,
      challengeId,
      code,
      // The form is the browser's: it may tick a box that the page does not have.
      rememberDevice: rememberDevice && flow.offersTrust,
      session: keyOfId(id),
      client,
    });
    if (result.outcome !== 'verified') {
      return result;
    }
    if (result.deviceToken !== undefined) {
      this.host.httpAdapter.appendHeader(response, 'Set-Cookie', this.deviceCookie.serialize(result.deviceToken));
    }
    await this.close(step, call);
    return { outcome: 'accepted', path: await flow.accept(data, { verified: result, request, response }) };
  }

  /** A new code for the same thing: the same challenge while it lives, another after that. */
  async resend(step: OpenStep, channel: Channel | undefined, call: CodeCall): Promise<SendAnswer> {
    const { flow, awaited } = step;
    const result = await this.otp.resend({ challengeId: awaited.challengeId, channel, client: call.client });
    if (result.outcome === 'resent') {
      return { outcome: 'sent' };
    }
    const isOver = result.outcome === 'challenge_gone' || result.outcome === 'attempts_exhausted';
    return isOver ? this.open(flow, awaited, { ...call, channel }) : result;
  }

  async cancel(step: OpenStep, call: CodeCall): Promise<void> {
    await this.otp.cancel({ challengeId: step.awaited.challengeId });
    await this.close(step, call);
  }

  private async open(
    flow: CodeFlow,
    { data, mark }: Pick<AwaitedCode, 'data' | 'mark'>,
    { request, response, client, locale, channel }: CodeCall & { readonly channel?: Channel | undefined },
  ): Promise<SendAnswer> {
    const id = randomId();
    const result = await flow.send(data, { session: keyOfId(id), client, locale, channel });
    if (result.outcome !== 'issued') {
      return result;
    }
    const { challengeId } = result.challenge;
    await this.records.put(AWAITED_CODES, keyOfId(id), { flow: flow.name, data, mark, challengeId });
    const { name, options } = CODE_COOKIE.of(request);
    this.host.httpAdapter.setCookie(response, name, id, options);
    return { outcome: 'sent' };
  }

  private async close({ id }: OpenStep, { request, response }: CodeCall): Promise<void> {
    await this.records.delete(AWAITED_CODES, keyOfId(id));
    const { name, options } = CODE_COOKIE.of(request);
    this.host.httpAdapter.clearCookie(response, name, options);
  }

  private flowOf(name: string): CodeFlow {
    const flow = this.flows.find((candidate) => candidate.name === name);
    if (flow === undefined) {
      throw new Error(`there is no flow '${name}'`);
    }
    return flow;
  }
}
