import type { OtpClientInfo } from 'nestjs-sms-otp';
import { chooseLanguage } from '../i18n/languages.js';
import type { DemoRequest } from '../web/demo-request.js';

/** A request and what it may ask of the step. */
export interface CodeCall {
  readonly request: DemoRequest;
  readonly response: unknown;
  readonly client: OtpClientInfo;
  /** BCP 47, of the message. */
  readonly locale: string;
}

/** The message is in the language of the pages. */
export function callOf(request: DemoRequest, response: unknown, client: OtpClientInfo): CodeCall {
  return { request, response, client, locale: chooseLanguage(request.headers['accept-language']) };
}
