import { Controller, type ControllerOptions, Post, type Type, Version, VERSION_NEUTRAL } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { httpCall } from './http-call.js';

function controller(options: ControllerOptions): Type<{ pay(): object; refund(): object }> {
  @Controller(options)
  class PayoutsController {
    @Post()
    pay() {
      return {};
    }

    @Post()
    @Version('3')
    refund() {
      return {};
    }
  }
  return PayoutsController;
}

function actionOf(target: Type<{ pay(): object }>, request: object = {}, handler = target.prototype.pay): unknown {
  const common = {
    method: 'POST',
    headers: {},
    url: '/payouts/7',
    route: { path: '/payouts/:id' },
    params: { id: '7' },
  };
  return httpCall(new ExecutionContextHost([{ ...common, ...request }], target, handler)).action;
}

describe('what a request over HTTP calls', () => {
  const plain = { method: 'POST', route: '/payouts/:id', params: { id: '7' } };

  it('is method, template and parameters', () => {
    expect(actionOf(controller({ path: 'payouts' }))).toEqual(plain);
    expect(actionOf(controller({ path: 'payouts' }), { routeOptions: { url: '/api/payouts/:id' } })).toEqual({
      ...plain,
      route: '/api/payouts/:id',
    });
  });

  it('is its handler where the route is a pattern', () => {
    const route = { route: { path: /^\/payouts/ } };
    expect(actionOf(controller({}), route)).toEqual({ ...plain, route: 'PayoutsController.pay' });
  });

  it('case 19 names the version, which may stand in a header, by handler before class', () => {
    const versioned = controller({ version: ['1', VERSION_NEUTRAL] });
    expect(actionOf(versioned)).toEqual({ ...plain, version: ['1', String(VERSION_NEUTRAL)] });
    expect(actionOf(versioned, {}, versioned.prototype.refund)).toEqual({ ...plain, version: ['3'] });
  });

  it('case 19, case 22 names the host, with its parameters', () => {
    expect(actionOf(controller({ host: 'app.example.com' }), { hosts: {} })).toEqual({
      ...plain,
      host: ['app.example.com'],
      hosts: {},
    });
    const ofPattern = { hosts: { tenant: 'one' }, hostname: 'One.example' };
    expect(actionOf(controller({ host: /^(?<tenant>\w+)\.example$/i }), ofPattern)).toEqual({
      ...plain,
      host: [String.raw`/^(?<tenant>\w+)\.example$/i`],
      hosts: { tenant: 'one' },
      hostname: 'one.example',
    });
  });

  it('takes no host from a request to a controller without one', () => {
    expect(actionOf(controller({}), { hosts: { tenant: 'one' } })).toEqual(plain);
  });
});
