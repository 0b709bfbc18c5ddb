import { AttackRunner } from '../../../apps/demo/src/attack/attack-runner.js';
import type { Flow } from './flows.js';
import { askForCode, freshNumber } from './flows.js';

/** What only development has: the phone beside the page, and the attacks. */
export const DEVELOPMENT_FLOWS: readonly Flow[] = [
  {
    title: 'the phone shows the message, its length, its cost and that it was delivered',
    async run(visitor, demo) {
      const phoneNumber = freshNumber();
      await askForCode(visitor, phoneNumber);
      const message = visitor.page.locator('.phone-message').filter({ hasText: phoneNumber });
      await visitor.eventually(async () => {
        await message.filter({ hasText: demo.lastCodeTo(phoneNumber) }).waitFor({ timeout: 1000 });
        await message.locator('.phone-delivered').waitFor({ timeout: 1000 });
      });
    },
  },
  {
    title: 'an attack is launched and watched to its end',
    async run(visitor, demo) {
      await visitor.goTo('/attack');
      await visitor.hands.press(visitor.element('guess_number-launch'));
      await visitor.element('guess_number-progress').waitFor();
      await demo.app.get(AttackRunner).ended();
      await visitor.eventually(() =>
        visitor.page
          .locator('#guess_number-result figure, #guess_number-result svg')
          .first()
          .waitFor({ timeout: 1000 }),
      );
    },
  },
];
