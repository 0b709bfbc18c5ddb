import { Controller, Module, Post, type Type, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { hmacSha256, memoryStore, OtpModule, OtpService, RequireOtp } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { type SignatureAlgorithm, type Signing, signingWith } from './signing.js';

export interface ProofAppOptions {
  readonly adapter: 'Express' | 'Fastify';
  readonly algorithm: SignatureAlgorithm;
  /** Without one the store is in memory. */
  readonly redis?: { readonly url: string; readonly namespace: string };
}

export type RouteName = 'plain' | 'jwt-text' | 'jwt-key' | 'proof';

/** Where the application listens, and the headers that open each of its routes. */
export interface ProofAppRoutes {
  readonly port: number;
  readonly headers: Readonly<Record<RouteName, Readonly<Record<string, string>>>>;
}

const NUMBER = '+31612345678';
/** Longer than a run. */
const TTL_SECONDS = 3600;
const ANSWER = { ok: true } as const;

/** One application: the same handler behind nothing, behind `@nestjs/jwt`, and behind a proof that opens it again and again. */
export async function startProofApp({ adapter, algorithm, redis }: ProofAppOptions) {
  const signing = signingWith(algorithm);
  const transport = new RecordingTransport();

  @Module({
    imports: [
      OtpModule.forRoot({
        serviceName: 'Bench',
        secrets: [signing.secret],
        purposes: { login: { start: 'public' } },
        proofs: { ttlSeconds: TTL_SECONDS, ...(signing.proofKeys.length > 0 && { keys: signing.proofKeys }) },
        store: redis === undefined ? memoryStore() : redisStore(redis),
        hashing: hmacSha256(),
        transports: [transport],
      }),
    ],
    controllers: [routesController(signing)],
  })
  class BenchModule {}

  const http = adapter === 'Express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(BenchModule, http, { logger: false });
  await app.listen(0, '127.0.0.1');
  const user = { sub: 'user-1', username: 'maria' };
  const authorized = { Authorization: `Bearer ${signing.jwtFromKey.sign(user, { expiresIn: TTL_SECONDS })}` };
  const routes: ProofAppRoutes = {
    port: Number(new URL(await app.getUrl()).port),
    headers: {
      plain: {},
      'jwt-text': authorized,
      'jwt-key': authorized,
      proof: { 'OTP-Proof': await earnProof(app.get(OtpService), transport) },
    },
  };
  return { routes, close: () => app.close() };
}

function routesController({ jwtFromText, jwtFromKey }: Signing): Type {
  @Controller()
  class RoutesController {
    @Post('plain')
    plain(): typeof ANSWER {
      return ANSWER;
    }

    @Post('jwt-text')
    @UseGuards(new JwtAuthGuard(jwtFromText))
    jwtText(): typeof ANSWER {
      return ANSWER;
    }

    @Post('jwt-key')
    @UseGuards(new JwtAuthGuard(jwtFromKey))
    jwtKey(): typeof ANSWER {
      return ANSWER;
    }

    @Post('proof')
    @RequireOtp('login', { mode: 'proof' })
    proof(): typeof ANSWER {
      return ANSWER;
    }
  }
  return RoutesController;
}

/** @throws Error when the code is not sent or not accepted */
async function earnProof(otp: OtpService, transport: RecordingTransport): Promise<string> {
  const purpose = 'login';
  const issued = await otp.issue({ purpose, phoneNumber: NUMBER, client: 'none' });
  const code = transport.lastCodeTo(NUMBER);
  if (issued.outcome !== 'issued' || code === undefined) {
    throw new Error(`issuing: ${issued.outcome}`);
  }
  const { challengeId } = issued.challenge;
  const verified = await otp.verify({ purpose, challengeId, code, client: 'none' });
  if (verified.outcome !== 'verified') {
    throw new Error(`verifying: ${verified.outcome}`);
  }
  return verified.proof;
}
