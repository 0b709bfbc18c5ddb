import { randomBytes } from 'node:crypto';
import { wrongCode } from '../bench-otp.js';
import type { CodeBoard } from './code-board.js';
import type { Connection } from './connection.js';
import type { Dialect, Login } from './dialects.js';

const WRONG_CODES = 4;
const ID_BYTES = 48;
/** What a flooded server may say: right, wrong, gone, throttled, busy. */
const EXPECTED = new Set([200, 201, 410, 422, 429, 503]);

interface FloodedChallenge {
  readonly login: Login;
  readonly answer: string;
  answered: number;
}

/**
 * One connection's part in what attackers and users send to verify. Every other connection sends random ids, which are
 * refused at once; the rest send wrong codes, and then the right one, which wait for their hash.
 */
export class Flood {
  private challenge: FloodedChallenge | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly asks: Dialect,
    private readonly codes: CodeBoard,
    private readonly sends: 'random ids' | 'codes',
  ) {}

  /** One request. @throws Error when the server answers what it should not */
  async next(login: Login): Promise<void> {
    if (this.sends === 'random ids') {
      const randomId = `"challengeId":"${randomBytes(ID_BYTES).toString('base64url')}"`;
      await this.ask(this.asks.verify(login, '000000', randomId));
    } else if (this.challenge === undefined) {
      await this.issue(login);
    } else {
      await this.answer(this.challenge);
    }
  }

  private async issue(login: Login): Promise<void> {
    const { status, body } = await this.ask(this.asks.issue(login));
    if (status === 201) {
      this.challenge = { login, answer: body, answered: 0 };
    }
  }

  private async answer(challenge: FloodedChallenge): Promise<void> {
    const { login, answer, answered } = challenge;
    const right = this.codes.codeTo(login.number);
    const isRight = answered >= WRONG_CODES;
    const { status } = await this.ask(this.asks.verify(login, isRight ? right : wrongCode(right), answer));
    // A busy server has not compared it.
    challenge.answered += status === 503 ? 0 : 1;
    if (status === 200 || status === 410) {
      this.challenge = undefined;
    }
  }

  private async ask(request: string) {
    const reply = await this.connection.ask(request);
    if (!EXPECTED.has(reply.status)) {
      throw new Error(`The server answered ${reply.status} ${reply.body}`);
    }
    return reply;
  }
}
