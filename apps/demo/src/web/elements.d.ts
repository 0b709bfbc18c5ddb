import type { HTMLAttributes } from 'preact';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      /** See `libs/otp-code-input`. */
      'otp-code-input': HTMLAttributes<HTMLElement> & {
        readonly length: string;
        /** Seconds. */
        readonly 'expires-in': string;
        /** Seconds. */
        readonly 'resend-in': string;
        /** A change of it starts the countdowns again. */
        readonly challenge?: string | undefined;
        /** The ids of the buttons that ask for a new code. */
        readonly resend: string;
        readonly 'no-web-otp'?: boolean;
      };
    }
  }
}
