import assert from 'node:assert/strict';
import type { ManualClock } from 'nestjs-sms-otp/testing';
import type { CountingHasher } from '../../support/counting-hasher.js';
import { callHttp, type HttpAnswer, wrongCode } from '../../support/http.js';
import { addressOf } from '../../support/otp-instances.js';
import type { Tried } from '../fuzz.js';
import type { FuzzTarget } from '../target.js';
import { sendBatch } from '../wire/send-batch.js';
import type { WireClient } from '../wire/wire-client.js';
import { type Known, Ledger, MAX_ATTEMPTS } from './ledger.js';
import type { Step } from './steps.js';

/** Room between two walks: no window of one reaches into the next. */
export interface Stage {
  /** Instances of one application; requests go to them in turns. */
  readonly targets: readonly [FuzzTarget, ...FuzzTarget[]];
  readonly clients: readonly WireClient[];
  readonly clock: ManualClock;
  readonly hasher: CountingHasher;
  readonly tried: Tried;
}

/** One client's walk through the module, with real codes, other requests in between, and time that passes. */
export class Walk {
  private readonly challenges: Known[] = [];
  private readonly ledger = new Ledger();
  private requests = 0;

  /** `people`: numbers that nobody else uses. `n` makes the addresses of this walk its own. */
  constructor(
    private readonly stage: Stage,
    private readonly people: readonly string[],
    private readonly n: number,
  ) {}

  async go(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.take(step);
      this.stage.targets.forEach(({ watch }) => watch.check());
    }
  }

  private async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'pass':
        return this.stage.clock.advanceSeconds(step.seconds);
      case 'fuzz':
        return this.fuzz(step);
      case 'issue':
        return this.issue(step);
      default: {
        const challenge = this.challenges.at(-1 - (step.challenge % Math.max(this.challenges.length, 1)));
        return challenge && this.takeOn(challenge, step);
      }
    }
  }

  private async takeOn(challenge: Known, step: Extract<Step, { challenge: number }>): Promise<void> {
    switch (step.do) {
      case 'resend':
        return this.resend(challenge);
      case 'answer':
        return this.answer(challenge, step);
      case 'status':
        return this.status(challenge);
      case 'cancel':
        return this.cancel(challenge);
    }
  }

  private async issue({ person, spelling }: Extract<Step, { do: 'issue' }>): Promise<void> {
    const number = this.people[person % this.people.length] ?? '';
    const national = number.slice('+31'.length);
    const spellings = [
      { phoneNumber: number },
      { phoneNumber: `0${national}`, country: 'NL' },
      { phoneNumber: `+31 (0)${national}`.replace('(0)', '') },
      { phoneNumber: `0031${national}`, country: 'NL' },
    ];
    const { status, body } = await this.call('POST', '', {
      ...spellings[spelling % spellings.length],
      purpose: 'login',
    });
    if (status === 201) {
      this.learn(
        { id: String(body['challengeId']), number, codes: [], compared: 0, accepted: 0, isOver: false, expiresAt: 0 },
        body,
      );
      return;
    }
    assert.equal(status, 429);
  }

  private async resend(challenge: Known): Promise<void> {
    const { status, body } = await this.call('POST', `/${challenge.id}/resend`, {});
    if (status === 200) {
      assert.ok(this.isLive(challenge), 'invariant 1: a challenge that was over has got a new code');
      this.learn(challenge, body);
      return;
    }
    assert.ok([410, 429].includes(status), String(status));
  }

  private async answer(challenge: Known, { right, wrong, old }: Extract<Step, { do: 'answer' }>): Promise<void> {
    const code = challenge.codes.at(-1) ?? '';
    const before = challenge.codes.find((one) => one !== code) ?? wrongCode(code);
    const guesses = [...repeat(old, before), ...repeat(wrong, wrongCode(code)), ...repeat(right, code)];
    const comparedBefore = this.stage.hasher.comparisons;
    const isLive = this.isLive(challenge);
    const answers = await Promise.all(
      guesses.map((guess) => this.call('POST', `/${challenge.id}/verify`, { code: guess })),
    );
    const accepted = answers.filter(({ status }) => status === 200).length;
    answers.forEach(({ status }) => assert.ok([200, 410, 422].includes(status), String(status)));
    answers.forEach(({ status }, index) =>
      assert.ok(status !== 200 || guesses[index] === code, 'invariant 1: a wrong code was accepted'),
    );
    const at = this.stage.clock.now();
    const isDue =
      isLive &&
      right > 0 &&
      guesses.length <= MAX_ATTEMPTS - challenge.compared &&
      this.ledger.isUnlocked(challenge.number, at);
    this.ledger.answered(challenge, {
      compared: this.stage.hasher.comparisons - comparedBefore,
      accepted,
      mayAccept: isLive && right > 0,
      at,
    });
    assert.ok(!isDue || accepted === 1, 'the right code was refused');
    challenge.isOver ||= accepted > 0;
  }

  private async status(challenge: Known): Promise<void> {
    const { status, body } = await this.call('GET', `/${challenge.id}`);
    assert.equal(status, this.isLive(challenge) ? 200 : 410);
    assert.ok(status === 410 || body['attemptsRemaining'] === MAX_ATTEMPTS - challenge.compared);
  }

  private async cancel(challenge: Known): Promise<void> {
    const { status } = await this.call('DELETE', `/${challenge.id}`);
    assert.equal(status, this.isLive(challenge) ? 204 : 410);
    challenge.isOver = true;
  }

  /** Anything at all, with the challenges of this walk: what it does to them is not known, but never too much. */
  private async fuzz({ requests }: Extract<Step, { do: 'fuzz' }>): Promise<void> {
    const { targets, clients, tried } = this.stage;
    const session = targets[0].session;
    // Of a number that the walk does not use, so that what is known of its challenges stays true.
    const known = new Map([
      ['{session}', session],
      ['{ip}', addressOf(this.n)],
      ['{number}', '+31699999999'],
    ]);
    await sendBatch(targets[0], { requests, clients, known, tried });
  }

  private isLive(challenge: Known): boolean {
    return !challenge.isOver && this.stage.clock.now() < challenge.expiresAt;
  }

  /** A message has gone out: its code, and when it ends. */
  private learn(challenge: Known, body: HttpAnswer['body']): void {
    const at = this.stage.clock.now();
    this.ledger.sent(challenge, at);
    const code = this.asked().otp.codeTo(challenge.number);
    challenge.codes.push(code);
    challenge.expiresAt = Date.parse(String(body['expiresAt']));
    if (!this.challenges.includes(challenge)) {
      this.challenges.push(challenge);
    }
  }

  private async call(method: string, path: string, body?: object): Promise<HttpAnswer> {
    this.requests += 1;
    const target = this.asked();
    const headers = { 'X-Forwarded-For': addressOf(this.n * 4 + (this.requests % 4)) };
    const answer = await callHttp(target.otp.url, { method, path: `/otp/challenges${path}`, body, headers });
    this.stage.tried.add(`${Math.floor(answer.status / 100)}xx`);
    return answer;
  }

  /** The instance that the newest request went to. */
  private asked(): FuzzTarget {
    const { targets } = this.stage;
    return targets[this.requests % targets.length] ?? targets[0];
  }
}

function repeat<T>(times: number, value: T): readonly T[] {
  return Array.from({ length: times }, () => value);
}
