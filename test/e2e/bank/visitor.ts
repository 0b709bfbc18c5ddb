import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { RunningDemo } from '../../support/demo-app.js';
import type { Hands } from './hands.js';

const MOST_LOOKS = 10;

export interface VisitorOptions {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly hands: Hands;
  readonly demo: Pick<RunningDemo, 'lastCodeTo'>;
  /** Of the bank, without a slash at the end. */
  readonly url: string;
}

/**
 * A person at Tern Bank. Elements are found by id and not by their words, so that the same flow runs in every language; what
 * goes wrong in the browser meanwhile is in `faults`.
 */
export class Visitor {
  readonly faults: string[] = [];
  readonly context: BrowserContext;
  readonly page: Page;
  readonly hands: Hands;
  private readonly url: string;
  private readonly demo: VisitorOptions['demo'];

  constructor({ context, page, hands, demo, url }: VisitorOptions) {
    this.context = context;
    this.page = page;
    this.hands = hands;
    this.demo = demo;
    this.url = url;
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) {
        this.faults.push(message.text());
      }
    });
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
  }

  element(id: string): Locator {
    return this.page.locator(`#${id}`);
  }

  /** Types into the fields, by id, and sends their form. */
  async send(form: string, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, text] of Object.entries(fields)) {
      await this.hands.type(this.element(id), text);
    }
    await this.hands.press(this.page.locator(`#${form} button.primary`));
  }

  /** Enters the code that was sent to a number (E.164). */
  async enterCodeSentTo(phoneNumber: string): Promise<void> {
    await this.enterCode(this.demo.lastCodeTo(phoneNumber));
  }

  async enterCode(code: string): Promise<void> {
    await this.send('code-form', { code });
  }

  async press(form: string): Promise<void> {
    await this.hands.press(this.page.locator(`form[action="${form}"] button`).first());
  }

  /** Waits until the browser is at a path of the bank. */
  async isAt(path: string): Promise<void> {
    await this.page.waitForURL((url) => `${url.origin}${url.pathname}` === `${this.url}${path}`);
  }

  async arrivesAtCode(): Promise<void> {
    await this.isAt('/code');
    await this.element('code').waitFor();
  }

  /** Waits for what changes by itself; without JavaScript a person loads the page again to see it. */
  async eventually(look: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await look();
      } catch (error) {
        if (tries === MOST_LOOKS) {
          throw error;
        }
        await this.page.reload();
      }
    }
  }
}
