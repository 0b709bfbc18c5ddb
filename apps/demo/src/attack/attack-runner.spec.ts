import { Test, type TestingModule } from '@nestjs/testing';
import { hmacSha256, memoryStore, OtpEvents, OtpModule, OtpService } from 'nestjs-sms-otp';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ATTACK_NAMES, type AttackName } from './attack.js';
import { purposes } from '../purposes.js';
import type { AttackReport } from './attack-run.js';
import { AttackRunner, type AttackRunnerOptions } from './attack-runner.js';
import { ATTACKS } from './attacks/index.js';
import { ROOM_FOR_ATTACKS } from './room-for-attacks.js';
import { isTarget, TARGET_COUNTRIES } from './targets.js';

const SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';
/** One of each country whose people come to the demo. */
const VISITORS = ['+31612345678', '+32470123456', '+33612345678', '+4915112345678', '+34612345678', '+447400123456'];

let module: TestingModule;
let phone: RecordingTransport;
let clock: ManualClock;
let runner: AttackRunner;

beforeEach(async () => {
  clock = new ManualClock();
  phone = new RecordingTransport();
  module = await Test.createTestingModule({
    imports: [
      OtpModule.forRoot({
        serviceName: 'Tern Bank',
        purposes,
        secrets: [SECRET],
        store: memoryStore({ clock }),
        transports: [phone],
        hashing: hmacSha256(),
        limits: ROOM_FOR_ATTACKS,
      }),
    ],
  }).compile();
  await module.init();
  runner = createRunner();
});
afterEach(async () => {
  await runner.stop();
  await module.close();
});

function createRunner(options: Partial<AttackRunnerOptions> = {}): AttackRunner {
  return new AttackRunner(module.get(OtpService), module.get(OtpEvents), {
    purpose: 'login',
    codeSentTo: (number) => phone.lastCodeTo(number),
    paceMs: 0,
    ...options,
  });
}

function reportOf(name: AttackName): AttackReport {
  const report = runner.report(name);
  if (report === undefined) {
    throw new Error('no report of the attack');
  }
  return report;
}

async function launch(name: AttackName): Promise<AttackReport> {
  expect(runner.start(name)).toBe('started');
  await runner.ended();
  return reportOf(name);
}

describe('attacks on the module, while its clock stands still, and on plain counters', () => {
  it('C2 one address over 20 countries: three countries for the module, 20 messages for plain counters', async () => {
    const { module: withModule, plain } = await launch('pump_countries');
    expect(withModule.sent).toBe(9);
    expect(new Set(phone.messages.map(({ country }) => country)).size).toBe(3);
    expect(withModule.refusedBy).toEqual([{ by: 'ip.unansweredCountries.86400', times: 51 }]);
    expect([plain.sent, plain.refusedBy]).toEqual([20, [{ by: 'address.hour', times: 40 }]]);
  });

  it('case 51: one prefix from many addresses: ten messages an hour, and no plain counter stops it', async () => {
    const { module: withModule, plain } = await launch('pump_prefix');
    expect(withModule).toMatchObject({ sent: 10, firstRefusedAfter: 10 });
    expect(withModule.refusedBy).toEqual([{ by: 'prefix.unansweredSends.3600', times: 190 }]);
    expect(plain).toMatchObject({ sent: 200, refused: 0 });
    expect(plain).not.toHaveProperty('firstRefusedAfter');
    expect(plain.cost / withModule.cost).toBeCloseTo(20, 5);
  });

  it('case 52: many prefixes of one country: 50 an hour, 20 young ones and one that passes', async () => {
    const { module: withModule, plain } = await launch('pump_country');
    expect(withModule.sent).toBe(71);
    expect(withModule.refusedBy).toEqual([{ by: 'country.unansweredSends.3600', times: 229 }]);
    expect(plain.sent).toBe(300);
  });

  it('cases 46 and 53: one victim from 200 addresses: one message before the pause, five with plain counters', async () => {
    const { module: withModule, plain } = await launch('bomb_number');
    expect(withModule).toMatchObject({
      sent: 1,
      firstRefusedAfter: 1,
      refusedBy: [{ by: 'number.cooldown', times: 199 }],
    });
    expect(plain).toMatchObject({ sent: 5, refusedBy: [{ by: 'number.hour', times: 195 }] });
  });

  it('cases 4-6: codes of one number: five guesses, 25 with plain counters', async () => {
    const { module: withModule, plain } = await launch('guess_number');
    expect(withModule).toMatchObject({ sent: 1, compared: 5, guessed: 0 });
    expect(plain).toMatchObject({ sent: 5, compared: 25 });
  });

  it('case 8: one guess for each of many numbers: ten of a prefix, 20 from an address with plain counters', async () => {
    const { module: withModule, plain } = await launch('guess_numbers');
    expect(withModule).toMatchObject({ sent: 10, compared: 10 });
    expect(plain).toMatchObject({ sent: 20, compared: 20 });
  });

  it('C4 case 44: IPv6 rotation: 30 messages of a /64, 60 of its /56, 120 of its /48; plain counters see only strangers', async () => {
    const { module: withModule, plain, series } = await launch('rotate_ipv6');
    const [in64, in56] = [40, 100].map((steps) => series.findLast((point) => point.steps <= steps)?.module);
    expect([in64, in56, withModule.sent]).toEqual([30, 60, 120]);
    expect(plain).toMatchObject({ sent: 260, refused: 0 });
  });

  it('B6 case 54: strangers cannot keep the victim out: its remembered browser signs in, but not with plain counters', async () => {
    const { module: withModule, plain } = await launch('lock_out');
    expect(withModule).toMatchObject({ sent: 1, compared: 5, victim: 'signed_in' });
    expect(withModule.refusedBy.map(({ by }) => by)).toEqual(['number.cooldown']);
    expect(plain).toMatchObject({ sent: 4, victim: 'refused' });
  });

  it('each stays below what a day may have at most', async () => {
    for (const name of ATTACK_NAMES) {
      const { module: withModule, counts, daily } = await launch(name);
      expect(counts === 'codes' ? withModule.compared : withModule.sent, name).toBeLessThanOrEqual(daily.module);
    }
  });

  it('a second run has other numbers and addresses, so it meets the same limits and not those already used up', async () => {
    const first = await launch('pump_prefix');
    const second = await launch('pump_prefix');
    expect([first.module.sent, second.module.sent]).toEqual([10, 10]);
  });

  it('after all of them people of other countries still get codes', async () => {
    for (const name of [...ATTACK_NAMES, ...ATTACK_NAMES]) {
      await launch(name);
    }
    const otp = module.get(OtpService);
    for (const [at, phoneNumber] of VISITORS.entries()) {
      const result = await otp.issue({ purpose: 'login', phoneNumber, client: { ip: `192.0.2.${at}` } });
      expect(result.outcome, phoneNumber).toBe('issued');
    }
  });
});

describe('AttackRunner', () => {
  it('runs one attack at a time, and tells how it goes', async () => {
    expect(runner.report('pump_prefix')).toBeUndefined();
    expect(runner.start('pump_prefix')).toBe('started');
    expect(runner.running).toBe('pump_prefix');
    expect(runner.start('bomb_number')).toBe('busy');
    expect(runner.start('pump_prefix')).toBe('busy');
    expect(reportOf('pump_prefix')).toMatchObject({ state: 'running', steps: 0, plannedSteps: 200 });
    await runner.ended();
    expect(reportOf('pump_prefix')).toMatchObject({ state: 'done', steps: 200, requests: 200 });
    expect(runner.running).toBeUndefined();
    expect(runner.report('bomb_number')).toBeUndefined();
  });

  it('stops when it is told to, and can start again', async () => {
    runner = createRunner({ paceMs: 60_000 });
    runner.start('pump_country');
    await runner.stop();
    const stopped = reportOf('pump_country');
    expect(stopped.state).toBe('stopped');
    expect(stopped.steps).toBeLessThan(10);
    expect(stopped.series.at(-1)).toMatchObject({ steps: stopped.steps, module: stopped.module.sent });
    expect(runner.start('bomb_number')).toBe('started');
  });

  it('stops after its time', async () => {
    runner = createRunner({ paceMs: 60_000, maxMs: 1 });
    const { state, steps } = await launch('pump_country');
    expect(state).toBe('stopped');
    expect(steps).toBeLessThan(10);
  });

  it('stops when the application closes', async () => {
    runner = createRunner({ paceMs: 60_000 });
    runner.start('pump_country');
    await runner.onModuleDestroy();
    expect(runner.running).toBeUndefined();
  });

  it('takes the limit from the events of its own requests, whatever others are refused for meanwhile', async () => {
    const otp = module.get(OtpService);
    runner.start('bomb_number');
    while (runner.running !== undefined) {
      await otp.issue({ purpose: 'login', phoneNumber: 'no number', client: { ip: '192.0.2.1' } });
      await setImmediate();
    }
    expect(reportOf('bomb_number').module.refusedBy).toEqual([{ by: 'number.cooldown', times: 199 }]);
  });

  it('leaves no handler with the events of the module', async () => {
    const events = module.get(OtpEvents);
    const before = handlersOf(events);
    await launch('bomb_number');
    expect(handlersOf(events)).toBe(before);
  });

  it('draws what got through in at most 60 points, which never fall', async () => {
    const { series, module: withModule, plain } = await launch('pump_country');
    expect(series.length).toBeLessThanOrEqual(61);
    expect(series[0]).toEqual({ steps: 0, module: 0, plain: 0 });
    expect(series.at(-1)).toEqual({ steps: 300, module: withModule.sent, plain: plain.sent });
    for (const [at, point] of series.entries()) {
      const before = series[Math.max(0, at - 1)];
      expect(point.module).toBeGreaterThanOrEqual(before?.module ?? 0);
      expect(point.plain).toBeGreaterThanOrEqual(before?.plain ?? 0);
    }
  });

  it('K1 no report holds a number or a code', async () => {
    for (const name of ATTACK_NAMES) {
      await launch(name);
    }
    const reports = JSON.stringify(ATTACK_NAMES.map(reportOf));
    expect(phone.messages.filter(({ to, code }) => reports.includes(to) || reports.includes(`"${code}"`))).toEqual([]);
  });
});

describe('what attacks are aimed at', () => {
  it('are valid mobile numbers of 20 countries: none was refused as no number', async () => {
    const otp = module.get(OtpService);
    const steps = Array.from({ length: 40 }, (_, run) => ATTACKS.pump_countries.step(0, run));
    for (const { target } of steps) {
      clock.advanceSeconds(60);
      const { outcome } = await otp.issue({ purpose: 'login', phoneNumber: target.number, client: 'none' });
      expect(outcome, target.number).toBe('issued');
      expect(phone.messages.at(-1)?.country).toBe(target.country);
    }
    expect(new Set(steps.map(({ target }) => target.country)).size).toBe(TARGET_COUNTRIES.length);
  });

  it('all are known as targets, and no visitor is', () => {
    for (const name of ATTACK_NAMES) {
      for (let index = 0; index < ATTACKS[name].steps; index += 1) {
        for (const run of [0, 19, 255]) {
          expect(isTarget(ATTACKS[name].step(index, run).target.number), name).toBe(true);
        }
      }
    }
    expect(VISITORS.filter(isTarget)).toEqual([]);
  });

  it('case 43: come from addresses that nobody has', () => {
    for (const name of ATTACK_NAMES) {
      for (const run of [0, 100, 255]) {
        const { ip } = ATTACKS[name].step(ATTACKS[name].steps - 1, run);
        expect(ip, name).toMatch(/^198\.1[89]\.\d+\.\d+$|^2001:db8:/);
      }
    }
  });
});

/** How many handlers listen; counted through what `on` keeps, for the module tells nobody. */
function handlersOf(events: OtpEvents): number {
  const sets: unknown = Reflect.get(events, 'handlers');
  return sets instanceof Map ? [...sets.values()].reduce((sum: number, set: Set<unknown>) => sum + set.size, 0) : -1;
}
