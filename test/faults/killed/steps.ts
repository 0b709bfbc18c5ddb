import type { CodeHasher, OtpStore, SmsTransport } from 'nestjs-sms-otp';

export interface Mark {
  /** Counted from 1 since the process was told. */
  readonly step: number;
  readonly when: 'before' | 'after';
}

/** Counts what the module asks of its ports, and kills its own process at one of them, as a lost machine would. */
export class Steps {
  private mark: Mark | undefined;
  private passed = 0;

  constructor(private readonly onStep: (name: string) => void) {}

  dieAt(mark: Mark | undefined): void {
    this.mark = mark;
    this.passed = 0;
  }

  store(store: OtpStore): OtpStore {
    return {
      ...store,
      challenges: this.port('challenges', store.challenges),
      limits: this.port('limits', store.limits),
      marks: this.port('marks', store.marks),
    };
  }

  hasher(hasher: CodeHasher): CodeHasher {
    return {
      ...hasher,
      hash: (input) => this.step('hasher.hash', () => hasher.hash(input)),
      verify: (input, stored) => this.step('hasher.verify', () => hasher.verify(input, stored)),
    };
  }

  transport(transport: SmsTransport): SmsTransport {
    return {
      ...transport,
      send: (message, options) => this.step('transport.send', () => transport.send(message, options)),
    };
  }

  private port<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        return typeof value === 'function'
          ? (...args: readonly unknown[]) =>
              this.step(`${name}.${String(member)}`, async (): Promise<unknown> => Reflect.apply(value, target, args))
          : value;
      },
    });
  }

  private async step<T>(name: string, call: () => Promise<T>): Promise<T> {
    this.passed += 1;
    const mark = this.mark?.step === this.passed ? this.mark : undefined;
    this.onStep(name);
    if (mark?.when === 'before') {
      process.kill(process.pid, 'SIGKILL');
    }
    const result = await call();
    if (mark?.when === 'after') {
      process.kill(process.pid, 'SIGKILL');
    }
    return result;
  }
}
