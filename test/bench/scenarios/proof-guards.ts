import { MeasuredRoute } from '../proofs/measured-route.js';
import type { ProofAppOptions } from '../proofs/proof-app.js';
import { ServerProcess } from '../proofs/server-process.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import type { RoundsOptions } from '../rounds.js';

const REQUESTS = 4_000;
const ADAPTERS = ['Express', 'Fastify'] as const;

/** A route behind a valid proof, beside the same route behind a guard of `@nestjs/jwt` and behind none. */
export async function proofGuards({ url }: BenchRedis, { rounds }: RoundsOptions): Promise<readonly Section[]> {
  const apps = await Promise.all(
    ADAPTERS.flatMap((adapter) => [
      startApp({ adapter, algorithm: 'HS256' }),
      startApp({ adapter, algorithm: 'HS256', redis: { url, namespace: `proofs-${adapter.toLowerCase()}` } }),
      startApp({ adapter, algorithm: 'ES256' }),
    ]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const { plain, jwtText, jwtKey, proof } of apps) {
      // Another one first in every round: the first finds its process cold.
      for (const route of rotated([plain, jwtText, jwtKey, proof], round)) {
        await route.run(REQUESTS, round > 0);
      }
    }
  }
  await Promise.all(apps.map(({ server }) => server.close()));
  return apps.map(report);
}

interface MeasuredApp {
  readonly title: string;
  readonly server: ServerProcess;
  readonly plain: MeasuredRoute;
  readonly jwtText: MeasuredRoute;
  readonly jwtKey: MeasuredRoute;
  readonly proof: MeasuredRoute;
}

async function startApp(options: ProofAppOptions): Promise<MeasuredApp> {
  const { adapter, algorithm, redis } = options;
  const server = await ServerProcess.start(options);
  return {
    title: `A route with a valid proof: ${adapter}, ${algorithm}, ${redis === undefined ? 'memory' : 'Redis'}`,
    server,
    plain: new MeasuredRoute(server, 'plain'),
    jwtText: new MeasuredRoute(server, 'jwt-text'),
    jwtKey: new MeasuredRoute(server, 'jwt-key'),
    proof: new MeasuredRoute(server, 'proof'),
  };
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

function report({ title, plain, jwtText, jwtKey, proof }: MeasuredApp): Section {
  const against = (name: string, other: MeasuredRoute): Figure => ({
    name,
    value: proof.rateAgainst(other),
    unit: '× requests',
    note: `${perSecond(proof)} against ${perSecond(other)}`,
  });
  const beside = (name: string, unit: string, of: (route: MeasuredRoute) => number): Figure => {
    const others = `key read once ${of(jwtKey).toFixed(2)}, key as text ${of(jwtText).toFixed(2)}, no guard ${of(plain).toFixed(2)}`;
    return { name, value: of(proof), unit, note: others };
  };
  return {
    title,
    figures: [
      against('against @nestjs/jwt with its key read once', jwtKey),
      against('against @nestjs/jwt with its key as text', jwtText),
      against('against no guard', plain),
      beside('what a request costs the server', 'µs processor', (route) => route.median('serverMicros')),
      beside('what the guard adds to it', 'µs processor', (route) => route.serverMicrosAfter(plain)),
      beside('half of the answers within', 'ms', (route) => route.median('p50Ms')),
      beside('99 of 100 answers within', 'ms', (route) => route.median('p99Ms')),
    ],
  };
}

function perSecond(route: MeasuredRoute): string {
  return `${Math.round(route.median('perSecond')).toLocaleString('en-US')}/s`;
}
