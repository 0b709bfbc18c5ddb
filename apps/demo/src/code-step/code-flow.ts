import type { Channel, IssueResult, OtpClientInfo, OtpPurposeName, Verified } from 'nestjs-sms-otp';
import type { ZodType } from 'zod';
import type { Words } from '../i18n/words.js';
import type { DemoRequest } from '../web/demo-request.js';

/** What sending a code needs beside what the flow knows. */
export interface CodeRequest {
  /** Binds the code to this browser. */
  readonly session: string;
  readonly client: OtpClientInfo;
  /** BCP 47. */
  readonly locale: string;
  /** @default the first of the purpose */
  readonly channel?: Channel | undefined;
}

/** A right code. */
export interface AcceptedCode {
  readonly verified: Verified;
  readonly request: DemoRequest;
  readonly response: unknown;
}

/** What the page says around the field. */
export interface CodePageFacts {
  readonly lead?: string;
  readonly submit: string;
  /** What the code stands for, as the message shows it. */
  readonly details?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Something that a person does with a code. The step at which it is entered is the same for all of them; a flow says whom the
 * code goes to, what it is for and what a right one leads to.
 */
export abstract class CodeFlow<Data extends object = object> {
  /** Unique among the flows. */
  abstract readonly name: string;
  abstract readonly purpose: OtpPurposeName;
  /** Where giving up leads; a path of this demo. */
  abstract readonly cancelPath: string;
  /** Where another number is typed, where that may still be done (U6: at sign-up and sign-in only). */
  readonly changeNumberPath: string | undefined = undefined;
  /** Whether a browser can be trusted from then on. */
  readonly offersTrust: boolean = false;
  /** What the flow keeps until the code is right. */
  protected abstract readonly data: ZodType<Data>;

  protected abstract sendCode(data: Data, request: CodeRequest): Promise<IssueResult>;
  protected abstract finish(data: Data, accepted: AcceptedCode): Promise<string>;
  protected abstract describe(data: Data, words: Words): CodePageFacts;

  /** Whether who has begun it may go on: what belongs to a session ends with it. @default anybody with the cookie may */
  protected async mayGoOn(_data: Data, _request: DemoRequest): Promise<boolean> {
    return true;
  }

  isOpenTo(data: unknown, request: DemoRequest): Promise<boolean> {
    return this.mayGoOn(this.data.parse(data), request);
  }

  send(data: unknown, request: CodeRequest): Promise<IssueResult> {
    return this.sendCode(this.data.parse(data), request);
  }

  /** @returns where the person goes from there; a path of this demo */
  accept(data: unknown, accepted: AcceptedCode): Promise<string> {
    return this.finish(this.data.parse(data), accepted);
  }

  facts(data: unknown, words: Words): CodePageFacts {
    return this.describe(this.data.parse(data), words);
  }
}

/** The token under which the step finds all flows. */
export const CODE_FLOWS = Symbol('CODE_FLOWS');
