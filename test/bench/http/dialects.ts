import { numberOf } from '../otp-settings.js';
import type { ServerOptions } from './measured-server.js';
import { postRequest } from './connection.js';

/** One login, as the thread that asks knows it. */
export interface Login {
  readonly number: string;
  readonly ip: string;
}

/** How a server is asked for a code, and told one. */
export interface Dialect {
  login(turn: { readonly position: number; readonly connection: number }): Login;
  issue(login: Login): string;
  /** @param answer what the server answered to `issue` */
  verify(login: Login, code: string, answer: string): string;
}

/** A fresh number each time, and another address for every four. */
const freshLogin: Dialect['login'] = ({ position }) => ({ number: numberOf(position), ip: ipOf(position >> 2) });

export const DIALECTS: Readonly<Record<ServerOptions['kind'], Dialect>> = {
  module: {
    login: freshLogin,
    issue: ({ number, ip }) => postRequest({ path: '/otp/challenges', ip, body: { phoneNumber: number } }),
    verify({ ip }, code, answer) {
      return postRequest({ path: `/otp/challenges/${challengeIdIn(answer)}/verify`, ip, body: { code } });
    },
  },
  echo: {
    login: freshLogin,
    issue: ({ number, ip }) => postRequest({ path: '/echo', ip, body: { phoneNumber: number } }),
    verify: ({ ip }, code) => postRequest({ path: '/echo', ip, body: { code } }),
  },
  'better-auth': {
    // Its users are few and old: with a fresh one for each login its verify would also create them.
    login: ({ connection }) => ({ number: numberOf(connection), ip: ipOf(connection) }),
    issue: ({ number, ip }) =>
      postRequest({ path: '/api/auth/phone-number/send-otp', ip, body: { phoneNumber: number } }),
    verify({ number, ip }, code) {
      const body = { phoneNumber: number, code, disableSession: true };
      return postRequest({ path: '/api/auth/phone-number/verify', ip, body });
    },
  },
  'by hand': {
    login: freshLogin,
    issue: ({ number, ip }) => postRequest({ path: '/codes', ip, body: { phoneNumber: number } }),
    verify: ({ number, ip }, code) => postRequest({ path: '/codes/verify', ip, body: { phoneNumber: number, code } }),
  },
};

export function challengeIdIn(answer: string): string {
  return /"challengeId":"([^"]+)"/.exec(answer)?.[1] ?? '';
}

function ipOf(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}
