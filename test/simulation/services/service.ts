/** The service as people and attackers meet it: the module, or what it is compared with. */
export interface Service {
  readonly name: string;
  issue(request: IssueRequest): Promise<SendAnswer>;
  resend(request: IssueRequest & { readonly challengeId: string }): Promise<SendAnswer>;
  verify(request: VerifyRequest): Promise<CodeAnswer>;
  close(): Promise<void>;
}

export interface IssueRequest {
  readonly number: string;
  readonly ip: string;
  /** Who keeps the token of a trusted device. */
  readonly browser?: Browser | undefined;
}

export interface VerifyRequest {
  readonly challengeId: string;
  readonly code: string;
  readonly ip: string;
  /** Asks to be remembered, and keeps the token. */
  readonly browser?: Browser | undefined;
}

export interface Browser {
  deviceToken?: string;
}

export interface Sent {
  readonly outcome: 'sent';
  readonly challengeId: string;
  /** What the message says. */
  readonly code: string;
  /** How long the page counts down before it offers another message. */
  readonly resendAfterMs: number;
  readonly sendsRemaining: number;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly limit: string;
  readonly retryAfterMs: number;
}

export type SendAnswer = Sent | Refused;

/** `over`: no answer to this challenge counts any more. */
export type CodeAnswer = 'right' | 'wrong' | 'over' | 'throttled';
