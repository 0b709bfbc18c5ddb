import type { BrowserContext, Locator, Page } from 'playwright-core';

/** A page with the element, as a person meets it. */
export class CodePage {
  readonly field: Locator;
  readonly error: Locator;
  readonly status: Locator;
  readonly expiry: Locator;
  readonly resend: Locator;
  readonly host: Locator;
  /** Exceptions and violations of the content security policy. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    this.host = page.locator('otp-code-input');
    this.field = page.locator('otp-code-input input[autocomplete=one-time-code]');
    this.error = page.locator('[data-part=error]');
    this.status = page.locator('[data-part=status]');
    this.expiry = page.locator('[data-part=expiry]');
    this.resend = page.locator('#resend');
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) {
        this.faults.push(message.text());
      }
    });
  }

  static async open(context: BrowserContext, url: string, { clock = false } = {}): Promise<CodePage> {
    const opened = new CodePage(await context.newPage());
    if (clock) {
      await opened.page.clock.install();
      await opened.page.clock.pauseAt(Date.now() + 3_600_000);
    }
    await opened.page.goto(url);
    return opened;
  }

  /** Puts the text in at once, as a paste and autofill do, and presses Enter. */
  async enter(text: string): Promise<void> {
    await this.field.fill('');
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  pass(seconds: number): Promise<void> {
    return this.page.clock.runFor(seconds * 1000);
  }

  set(attributes: Record<string, string>): Promise<void> {
    return this.host.evaluate((host, given) => {
      Object.entries(given).forEach(([name, value]) => host.setAttribute(name, value));
    }, attributes);
  }

  async isFocused(locator: Locator): Promise<boolean> {
    return (await locator.and(this.page.locator(':focus')).count()) === 1;
  }
}
