import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { type Route, routesOf } from '../support/routes.js';
import { startTarget } from './target.js';

/** Handlers of the sample application that fail, whoever calls. */
const FAILING = /\/(?:failing|pilot)/;
/** Built-in, receipts, health, guarded and limited ones together. */
const AT_LEAST = 30;

/** Read from the router of Express, so that a new one is tried as well; Fastify has the same. */
export async function allRoutes(): Promise<readonly Route[]> {
  const clock = new ManualClock();
  const { otp, close } = await startTarget({ adapter: 'express', clock, store: memoryStore({ clock }) });
  const routes = routesOf(otp.app).filter(({ pattern }) => !FAILING.test(pattern));
  await close();
  if (routes.length < AT_LEAST) {
    throw new Error(`only ${routes.length} routes were found`);
  }
  return routes;
}
