import { OtpEvents, type OtpEvent, type RiskAssessor, type RiskRequest, type RiskVerdict } from 'nestjs-sms-otp';
import type { OtpApp } from './otp-app.js';

/** Answers what a test says, and keeps what it was asked. */
export class ScriptedAssessor implements RiskAssessor {
  readonly asked: RiskRequest[] = [];
  answer: (request: RiskRequest) => RiskVerdict | Promise<RiskVerdict>;

  constructor(answer: RiskVerdict | ((request: RiskRequest) => RiskVerdict | Promise<RiskVerdict>)) {
    this.answer = typeof answer === 'function' ? answer : () => answer;
  }

  assess(request: RiskRequest): RiskVerdict | Promise<RiskVerdict> {
    this.asked.push(request);
    return this.answer(request);
  }
}

/** All events of an application from now on. */
export function eventsOf(otp: OtpApp): OtpEvent[] {
  const events: OtpEvent[] = [];
  otp.app.get(OtpEvents, { strict: false }).on('*', (event) => events.push(event));
  return events;
}

/** Valid numbers, each of a prefix of its own, so that no budget of a prefix counts; up to 20. */
export const numberOfPrefix = (index: number) => `+316${11 + index}345678`;
