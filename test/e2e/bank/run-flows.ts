import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.js';
import type { RunningDemo } from '../../support/demo-app.js';
import { effort } from '../../support/effort.js';
import { type Flow, FLOWS } from './flows.js';
import { type Person, visit } from './people.js';
import type { Visitor } from './visitor.js';

/** A demo, and the address under which browsers reach it. */
export interface Deployment {
  readonly demo: RunningDemo;
  readonly url?: string;
  stop(): Promise<void>;
}

export interface RunFlowsOptions {
  start(): Promise<Deployment>;
  readonly person?: Person;
  readonly flows?: readonly Flow[];
  /** After each flow, at the page where it ended. */
  readonly check?: (visitor: Visitor) => Promise<void>;
}

/** The flows of one of several who walk them: in the long form all, in the short one they share them out. */
export function shareOf(flows: readonly Flow[], { place, places }: { place: number; places: number }): readonly Flow[] {
  return effort(
    flows.filter((_, index) => index % places === place),
    flows,
  );
}

/** Every flow of the bank as a test of its own. */
export function runFlows(title: string, { start, person, flows = FLOWS, check }: RunFlowsOptions): void {
  describe.each([title])('%s', () => {
    let browser: Browser;
    let deployment: Deployment;

    beforeAll(async () => {
      [browser, deployment] = await Promise.all([launchBrowser(), start()]);
    });
    afterAll(async () => {
      await browser.close();
      await deployment.stop();
    });

    it.each(flows)('$title', async ({ run }) => {
      const { demo, url } = deployment;
      const visitors: Visitor[] = [];
      const another = async () => {
        const visitor = await visit({ browser, demo, ...(person && { person }), ...(url !== undefined && { url }) });
        visitors.push(visitor);
        return visitor;
      };
      const visitor = await another();
      await run(visitor, demo, another);
      await check?.(visitor);
      expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
      await Promise.all(visitors.map(({ context }) => context.close()));
    });
  });
}
