import {
  All,
  Controller,
  type INestApplication,
  Post,
  type Type,
  UseGuards,
  Version,
  VersioningType,
} from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import type { HttpCall } from '../support/http.js';
import { SessionGuard } from '../support/sample-app/session.guard.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const ask = () => RequireOtp('confirm', { mode: 'inline', binding: false });
const post = (path: string, headers: HttpCall['headers'] = {}): HttpCall => ({ method: 'POST', path, headers });

@UseGuards(SessionGuard)
@Controller('v')
class VersionedController {
  @Version('1')
  @Post('limits')
  @ask()
  first() {
    return { version: 1 };
  }

  @Version('2')
  @Post('limits')
  @ask()
  second() {
    return { version: 2 };
  }
}

@UseGuards(SessionGuard)
@Controller({ host: ':bank.acme.example' })
class TenantController {
  @Post('limits')
  @ask()
  limits() {
    return {};
  }
}

@UseGuards(SessionGuard)
@Controller('files')
class FilesController {
  @Post('*')
  @ask()
  file() {
    return {};
  }
}

@UseGuards(SessionGuard)
@Controller('many')
class ManyController {
  @All('all')
  @ask()
  all() {
    return {};
  }

  @Post(['one', 'other'])
  @ask()
  either() {
    return {};
  }
}

interface Case {
  readonly controller: Type;
  readonly first: HttpCall;
  readonly second: HttpCall;
  readonly configure?: (app: INestApplication) => void;
}

const byPath = (app: INestApplication) => app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI });
const byHeader = (app: INestApplication) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' });
const versioned = { controller: VersionedController };
const version = (number: string) => post('/v/limits', { 'X-Version': number });
const host = (name: string) => post('/limits', { Host: `${name}.acme.example` });

describe.each(IN_MEMORY)('what counts as the same route, on $name', (deployment) => {
  let sample: Sample;
  afterEach(() => sample.otp.close());

  /** A code that was asked for by one request, brought by another. */
  async function askThenUse({ controller, first, second, configure }: Case) {
    const controllers = [controller];
    sample = await startSample(deployment, { metadata: { controllers }, ...(configure && { configure }) });
    const ann = sample.client('ann');
    return ann.repeat(second, await ann.stepUp(first));
  }

  it.each<[string, Case]>([
    [
      'version in the path',
      { ...versioned, first: post('/api/v1/v/limits'), second: post('/api/v2/v/limits'), configure: byPath },
    ],
    ['version in a header', { ...versioned, first: version('1'), second: version('2'), configure: byHeader }],
    ['parameter of the host', { controller: TenantController, first: host('a'), second: host('b') }],
    ['path of one handler', { controller: ManyController, first: post('/many/one'), second: post('/many/other') }],
    ['rest of the path', { controller: FilesController, first: post('/files/a/b'), second: post('/files/a/c') }],
    [
      'method of one handler',
      { controller: ManyController, first: post('/many/all'), second: { ...post('/many/all'), method: 'PUT' } },
    ],
  ])('A4 case 23 another %s is another route', async (_name, one) => {
    expectProblem(await askThenUse(one), 422, 'incorrect_code');
  });

  it.each<[string, Omit<Case, 'second'>]>([
    ['under a prefix, with a version', { ...versioned, first: post('/api/v1/v/limits'), configure: byPath }],
    ['with a version in a header', { ...versioned, first: version('2'), configure: byHeader }],
    ['of a host', { controller: TenantController, first: host('a') }],
    ['with the rest of a path', { controller: FilesController, first: post('/files/a/b') }],
  ])('the same route %s is the same', async (_name, one) => {
    expect((await askThenUse({ ...one, second: one.first })).status).toBe(201);
  });
});
