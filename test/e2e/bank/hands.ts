import type { Locator, Page } from 'playwright-core';

/** How a person uses a page. */
export interface Hands {
  /** Puts text into a field in place of what was there. */
  type(field: Locator, text: string): Promise<void>;
  /** Presses a button, follows a link or ticks a box. */
  press(target: Locator): Promise<void>;
}

export function mouse(): Hands {
  return {
    type: (field, text) => field.fill(text),
    press: (target) => target.click(),
  };
}

const MOST_STEPS = 400;

/** Tab, letters, Enter and space, and nothing else. */
export function keyboardOnly(page: Page): Hands {
  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    const focused = target.and(page.locator(':focus'));
    for (let steps = 0; (await focused.count()) === 0; steps += 1) {
      if (steps === MOST_STEPS) {
        throw new Error(`the keyboard does not reach ${target.toString()}`);
      }
      await page.keyboard.press('Tab');
    }
  }
  return {
    async type(field, text) {
      await reach(field);
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await page.keyboard.type(text);
    },
    async press(target) {
      await reach(target);
      const isBox = (await target.getAttribute('type')) === 'checkbox';
      await page.keyboard.press(isBox ? 'Space' : 'Enter');
    },
  };
}
