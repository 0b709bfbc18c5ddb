import { answers } from './guards/answers.js';
import { challengeScripts } from './guards/challenge-scripts.js';
import { clients } from './guards/clients.js';
import { codes } from './guards/codes.js';
import { http } from './guards/http.js';
import { limitScripts } from './guards/limit-scripts.js';
import { losses } from './guards/losses.js';
import { numbers } from './guards/numbers.js';
import { privacy } from './guards/privacy.js';
import { proofs } from './guards/proofs.js';
import { receipts } from './guards/receipts.js';
import { routeGuards } from './guards/route-guards.js';
import { sending } from './guards/sending.js';
import type { Mutation } from './mutation.js';

/**
 * Every guard that matters, each with the test that fails without it. `npm run test:mutations` takes them out one after the
 * other and asks those tests; docs/decisions/mutations.md says why the list is written by hand.
 */
export const mutations: readonly Mutation[] = [
  ...challengeScripts,
  ...limitScripts,
  ...answers,
  ...codes,
  ...numbers,
  ...clients,
  ...sending,
  ...proofs,
  ...routeGuards,
  ...http,
  ...receipts,
  ...privacy,
  ...losses,
];
