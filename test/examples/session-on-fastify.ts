import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import type { SessionRequest } from './session.js';

type Session = SessionRequest['session'];
type SessionData = Pick<Session, 'basket' | 'userId'>;

const COOKIE = '__Host-session';

/** Sessions of one process, as small as they can be; stands in for a plugin of Fastify. */
export function useSessionsOnFastify(app: NestFastifyApplication): void {
  const sessions = new Map<string, SessionData>();
  const current = new WeakMap<object, Session>();

  const open = (request: object, id: string = randomBytes(32).toString('base64url')): void => {
    const end = (done: () => void): void => {
      sessions.delete(id);
      open(request);
      done();
    };
    const session: Session = { ...sessions.get(id), id, regenerate: end, destroy: end };
    current.set(request, session);
    Object.assign(request, { session });
  };

  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async (request) => {
    const id = idOf(request.headers.cookie);
    open(request, id !== undefined && sessions.has(id) ? id : undefined);
  });
  fastify.addHook('onSend', async (request, reply) => {
    const { id = '', basket, userId } = current.get(request) ?? {};
    if (basket === undefined && userId === undefined) {
      return;
    }
    sessions.set(id, { ...(basket && { basket }), ...(userId !== undefined && { userId }) });
    if (id !== idOf(request.headers.cookie)) {
      reply.header('Set-Cookie', `${COOKIE}=${id}; Path=/; HttpOnly; Secure; SameSite=Lax`);
    }
  });
}

function idOf(cookies = ''): string | undefined {
  const pair = cookies.split(/;\s*/).find((text) => text.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1);
}
