// What the tests use of a file of the official SDK that has no declarations.

declare module 'messagebird/lib/webhook-signature-jwt.js' {
  import type { KeyObject } from 'node:crypto';

  interface JwtOptions {
    readonly issuer: string;
    readonly algorithms: readonly string[];
    readonly clockTolerance: number;
    readonly currentDate: Date;
  }

  interface Options {
    readonly validateUrl: boolean;
  }

  export const VerifyOptions: new (validateUrl: boolean, validatePayload: boolean, jwt: JwtOptions) => Options;

  export function verify(url: string, payload: Buffer, jwt: string, key: KeyObject, options: Options): Promise<boolean>;
}
