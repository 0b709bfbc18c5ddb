import type { Locator, Page } from 'playwright-core';

/** The demo's sign-in page as a person sees it. */
export class SignInPage {
  readonly country: Locator;
  readonly phone: Locator;
  readonly phoneError: Locator;
  readonly code: Locator;
  readonly codeError: Locator;
  readonly status: Locator;
  /** Exceptions of the page's scripts and violations of its content security policy. */
  readonly faults: string[] = [];

  constructor(
    private readonly page: Page,
    private readonly url: string,
  ) {
    this.country = page.getByLabel('Country');
    this.phone = page.getByLabel('Mobile number');
    this.phoneError = page.locator('#phone-error');
    this.code = page.getByLabel('Code', { exact: true });
    this.codeError = page.locator('#code-error');
    this.status = page.getByRole('status');
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) {
        this.faults.push(message.text());
      }
    });
  }

  async open(): Promise<void> {
    await this.page.goto(this.url);
  }

  async submitNumber(number: string): Promise<void> {
    await this.phone.fill(number);
    await this.page.getByRole('button', { name: 'Text me a code' }).click();
  }

  /** Submits the number and waits for the next step. */
  async askForCode(number: string): Promise<void> {
    await this.submitNumber(number);
    await this.code.waitFor();
  }

  async enter(code: string): Promise<void> {
    await this.code.fill(code);
    await this.submitCode();
  }

  /** Puts the text in at once, as a paste does. */
  async paste(text: string): Promise<void> {
    await this.code.focus();
    await this.page.keyboard.insertText(text);
    await this.submitCode();
  }

  async isFocused(locator: Locator): Promise<boolean> {
    return (await locator.and(this.page.locator(':focus')).count()) === 1;
  }

  private async submitCode(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
}
