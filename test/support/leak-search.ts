import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** Something that must not be found, in every form that it could have. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

export interface Leak {
  readonly canary: string;
  readonly place: string;
  /** What stands around it, to find the line at fault. */
  readonly around: string;
}

/** All that came out of the module, by where it came out. */
export class Evidence {
  private readonly found: { readonly place: string; readonly bytes: Buffer }[] = [];

  add(place: string, what: unknown): void {
    this.found.push({ place, bytes: toBytes(what) });
  }

  /** A logger that keeps what it is given, errors with their stacks, causes and properties included. */
  logger(): LoggerService {
    const record =
      (level: string) =>
      (...entry: unknown[]) =>
        this.add(`log ${level}`, entry);
    return {
      log: record('log'),
      warn: record('warn'),
      error: record('error'),
      debug: record('debug'),
      verbose: record('verbose'),
      fatal: record('fatal'),
    };
  }

  /** How many things were kept of places that begin like this. */
  count(place: string): number {
    return this.found.filter((entry) => entry.place.startsWith(place)).length;
  }

  search(canaries: readonly Canary[], places: RegExp = /./): readonly Leak[] {
    const searched = this.found.filter(({ place }) => places.test(place));
    return searched.flatMap(({ place, bytes }) =>
      canaries.flatMap(({ name, forms }) => {
        const at = forms.map((form) => bytes.indexOf(form)).find((index) => index !== -1);
        return at === undefined
          ? []
          : [{ canary: name, place, around: bytes.subarray(Math.max(0, at - 60), at + 60).toString('latin1') }];
      }),
    );
  }
}

/** A text as it is and in the encodings that hide it. */
export function textCanary(name: string, ...texts: readonly string[]): Canary {
  return bytesCanary(name, ...texts.map((text) => Buffer.from(text)));
}

/** Bytes as they are, in hex and in base64 at each of the three places that base64 can begin. */
export function bytesCanary(name: string, ...values: readonly Buffer[]): Canary {
  return { name, forms: values.flatMap((bytes) => [bytes, Buffer.from(bytes.toString('hex')), ...base64Forms(bytes)]) };
}

/** A number in E.164: international, national, without its calling code, and two digits to the byte. */
export function numberCanary(e164: string, callingCode: string): Canary {
  const digits = e164.slice(1);
  const national = digits.slice(callingCode.length);
  const packed = Buffer.from(digits.slice(0, digits.length - (digits.length % 2)), 'hex');
  const texts = textCanary(`number ${e164}`, national);
  return { ...texts, forms: [...texts.forms, packed] };
}

function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((shift) => {
    // The characters that belong to these bytes alone, whatever stands before and after them.
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((encoding) => Buffer.from(whole.toString(encoding).slice(from, to)));
  });
}

function toBytes(what: unknown): Buffer {
  if (Buffer.isBuffer(what)) {
    return what;
  }
  return Buffer.from(
    typeof what === 'string' ? what : inspect(what, { depth: 12, maxStringLength: null, maxArrayLength: null }),
  );
}
