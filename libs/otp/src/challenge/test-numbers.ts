import type { CodeLength } from '../code/make-code.js';
import type { RecordIndex } from '../secrets/record-index.js';
import type { PhoneReader } from '../phone/read-phone-number.js';
import type { RecordKey } from '../stores/otp-store.js';
import type { Clock } from '../telemetry/clock.js';

/** Numbers for tests of the whole application, and for the reviewers of app stores. */
export interface OtpTestNumbers {
  /**
   * The code of each number: `{ '+31612345678': '123456' }`; a list of codes, one of each length, where purposes have codes
   * of several lengths. Numbers are international.
   */
  readonly codes: Readonly<Record<string, string | readonly string[]>>;
  /** From then on they are numbers like any other. ISO 8601, e.g. `2027-01-31`. */
  readonly expires: string;
  /** Without it production refuses to start: whoever knows a test number and its code is let in. @default false */
  readonly allowInProduction?: boolean | undefined;
}

export interface TestNumberParts {
  readonly index: RecordIndex;
  readonly readPhoneNumber: PhoneReader;
  readonly clock: Clock;
}

/**
 * Numbers that get no message: their code is in the options. They are asked of a number's record, so that all spellings of a
 * handset count as one.
 */
export class TestNumbers {
  private readonly codes = new Map<string, readonly string[]>();
  private readonly expiresAt: number;

  constructor(
    options: OtpTestNumbers | undefined,
    private readonly parts: TestNumberParts,
  ) {
    this.expiresAt = options === undefined ? 0 : Date.parse(options.expires);
    for (const [phoneNumber, codes] of Object.entries(options?.codes ?? {})) {
      const reading = parts.readPhoneNumber({ phoneNumber });
      if (reading.outcome === 'ok') {
        this.codes.set(
          parts.index.number(reading.number.handsetKey).index,
          typeof codes === 'string' ? [codes] : codes,
        );
      }
    }
  }

  /** Whether it is a test number that has not expired. */
  has({ index }: RecordKey): boolean {
    return this.codes.has(index) && this.parts.clock.now() < this.expiresAt;
  }

  /** Its code of so many digits. */
  codeOf(key: RecordKey, digits: CodeLength): string | undefined {
    return this.has(key) ? this.codes.get(key.index)?.find((code) => code.length === digits) : undefined;
  }
}
