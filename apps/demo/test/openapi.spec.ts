import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionSecrets, type RunningDemo, startDemo } from '../../../test/support/demo-app.js';
import { DemoClient } from '../../../test/support/demo-client.js';
import { type ApiDocument, operationOf, operationsOf, readDocument } from '../../../test/support/openapi.js';

describe.each(['express', 'fastify'] as const)('the document of the demo, on %s', (adapter) => {
  let demo: RunningDemo;
  let response: Response;
  let document: ApiDocument;

  beforeAll(async () => {
    demo = await startDemo({ adapter });
    response = await new DemoClient(demo).get('/openapi.json');
    document = readDocument(await response.json());
  });
  afterAll(() => demo.stop());

  it('is served as JSON under the security headers of all answers', () => {
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has the built-in routes and those of the demo, and no pages', () => {
    expect(
      operationsOf(document)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([
      'DELETE /otp/challenges/{id}',
      'GET /api/account',
      'GET /dev/inbox',
      'GET /otp/.well-known/jwks.json',
      'GET /otp/challenges/{id}',
      'POST /otp/challenges',
      'POST /otp/challenges/{id}/resend',
      'POST /otp/challenges/{id}/verify',
      'POST /session',
      'POST /session/end',
    ]);
  });

  it('tells what each route needs', () => {
    expect(operationOf(document, 'POST /session')).toMatchObject({
      security: [{ 'otp-proof': [] }],
      'x-otp': { purpose: 'login', mode: 'proof', singleUse: true },
      responses: { 201: {}, 401: {}, 503: {} },
    });
    expect(operationOf(document, 'GET /api/account').security).toEqual([{ session: [] }]);
    expect(operationOf(document, 'POST /otp/challenges').security).toBeUndefined();
  });

  it('is no page', async () => {
    const client = new DemoClient(demo);
    for (const path of ['/openapi', '/openapi/', '/openapi-json', '/openapi-yaml', '/openapi/swagger-ui-init.js']) {
      expect((await client.get(path)).status, path).toBe(404);
    }
  });

  it('does not have the inbox in production', async () => {
    const production = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
    const served = readDocument(await (await new DemoClient(production).get('/openapi.json')).json());
    expect(operationsOf(served).map(([name]) => name)).not.toContain('GET /dev/inbox');
    await production.stop();
  });
});
