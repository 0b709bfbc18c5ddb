import { countdownOf, countIn } from './countdown.js';
import { fieldOf, partOf, setUpParts } from './parts.js';
import { readCode } from './read-code.js';
import { freeResend, holdResend, resendButtonsOf } from './resend-button.js';
import { Texts } from './texts.js';
import { codeFromSms } from './web-otp.js';

/** @import { OtpCodeInput as Contract, OtpCodeTexts } from './otp-code-input.js' */

const LAST_MINUTE = 60;

/** @implements {Contract} */
export class OtpCodeInput extends HTMLElement {
  static observedAttributes = ['challenge', 'expires-in', 'resend-in', 'no-web-otp'];

  /** @type {Partial<OtpCodeTexts>} */
  #override = {};
  /** @type {ReturnType<typeof countdownOf>} */
  #expiry;
  /** @type {ReturnType<typeof countdownOf>} */
  #resend;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Ends what listens while the element is in a page. */
  #connection = new AbortController();
  /** Ends the wait for an SMS. */
  #listening = new AbortController();
  #started = false;
  /** @type {Set<string>} */
  #changed = new Set();
  /** What the element itself said last; a new code takes back only that, not what the page said. */
  #said = { error: '', status: '' };

  get length() {
    return countIn(this, 'length') || 6;
  }

  set length(value) {
    this.setAttribute('length', String(value));
  }

  get code() {
    const reading = readCode(fieldOf(this).value, this.length);
    return 'code' in reading ? reading.code : '';
  }

  get texts() {
    return this.#override;
  }

  set texts(override) {
    this.#override = override;
    if (this.#started && this.isConnected) {
      this.#setUp();
      this.#tick();
    }
  }

  /** @param {string} text */
  showError(text) {
    this.#said.error = '';
    this.#setError(text);
    if (text !== '') {
      fieldOf(this).focus();
      this.#listen();
    }
  }

  /** @param {string} text */
  announce(text) {
    this.#said.status = '';
    partOf(this, 'status').textContent = text;
  }

  clear() {
    fieldOf(this).value = '';
    this.#setError('');
  }

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    if (document.readyState === 'loading') {
      // The elements inside may not have been read yet.
      document.addEventListener('DOMContentLoaded', () => this.#start(), { once: true, signal });
    } else {
      this.#start();
    }
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#rest();
    freeResend(this);
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (!this.#started || (name === 'challenge' && before === now)) {
      return;
    }
    if (this.#changed.size === 0) {
      // A page sets several attributes one after the other.
      queueMicrotask(() => this.#renew());
    }
    this.#changed.add(name);
  }

  #start() {
    const { signal } = this.#connection;
    this.#setUp();
    if (!this.#started) {
      this.#started = true;
      this.#expiry = countdownOf(this, 'expires-in');
      this.#resend = countdownOf(this, 'resend-in');
      this.#setInvalid(partOf(this, 'error').textContent.trim() !== '');
    }
    // Before every other listener, so that nobody sends what is refused here.
    this.getRootNode().addEventListener('submit', (event) => this.#onSubmit(event), { capture: true, signal });
    document.addEventListener('visibilitychange', () => this.#tick(), { signal });
    window.addEventListener('pagehide', () => this.#rest(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.#resume(), { signal });
    this.#resume();
  }

  #setUp() {
    setUpParts(this, { label: this.#texts.say('label'), expires: this.hasAttribute('expires-in') });
  }

  #resume() {
    this.#tick();
    this.#listen();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#listening.abort();
  }

  #renew() {
    const changed = this.#changed;
    this.#changed = new Set();
    const another = changed.has('challenge');
    if (another) {
      this.clear();
    }
    if (another || changed.has('expires-in')) {
      this.#expiry = countdownOf(this, 'expires-in');
      this.#takeBack();
    }
    if (another || changed.has('resend-in')) {
      this.#resend = countdownOf(this, 'resend-in');
      if (this.#resend === undefined) {
        freeResend(this);
      }
    }
    if (this.isConnected) {
      this.#setUp();
      this.#tick();
      if (changed.size > 1 || !changed.has('resend-in')) {
        this.#listen();
      }
    }
  }

  /** @param {Event} event */
  #onSubmit(event) {
    const field = fieldOf(this);
    const submitter = event instanceof SubmitEvent ? event.submitter : null;
    // Another button of the same form, such as "send a new code", needs no code.
    const other =
      submitter !== null &&
      (resendButtonsOf(this).some((button) => button === submitter) || submitter.hasAttribute('formnovalidate'));
    if (field.form === null || event.target !== field.form) {
      return;
    }
    keepOutOfAddress(field.form, submitter);
    if (other) {
      return;
    }
    const reading = readCode(field.value, this.length);
    if (this.#expiry?.left === 0) {
      this.#refuse(event, this.#texts.say('expired'));
    } else if ('problem' in reading) {
      const values = { length: this.length, count: 'count' in reading ? reading.count : 0 };
      this.#refuse(event, this.#texts.say(reading.problem, values));
    } else {
      field.value = reading.code;
      this.#setError('');
      this.#listening.abort();
      const asked = new CustomEvent('otp-code', { detail: reading, bubbles: true, cancelable: true });
      if (!this.dispatchEvent(asked)) {
        stop(event);
      }
    }
  }

  /**
   * @param {Event} event
   * @param {string} text
   */
  #refuse(event, text) {
    stop(event);
    this.#setError(text);
    this.#said.error = text;
    fieldOf(this).focus();
  }

  /** The one timer of both countdowns. */
  #tick() {
    clearTimeout(this.#timer);
    this.#showResend();
    this.#showExpiry();
    const next = Math.min(this.#expiry?.untilNext ?? Infinity, this.#resend?.untilNext ?? Infinity);
    if (next !== Infinity) {
      this.#timer = setTimeout(() => this.#tick(), next);
    }
  }

  #showExpiry() {
    if (this.#expiry === undefined) {
      return;
    }
    const { left, before = left } = this.#expiry.step();
    const texts = this.#texts;
    partOf(this, 'expiry').textContent = left > 0 ? texts.say('validFor', { seconds: left }) : texts.say('ended');
    if (left === 0) {
      this.#listening.abort();
    }
    if (before > 0 && left === 0) {
      this.#say(texts.say('expired'));
    } else if (before > LAST_MINUTE && left <= LAST_MINUTE) {
      this.#say(texts.say('lastMinute'));
    }
  }

  #showResend() {
    if (this.#resend === undefined) {
      return;
    }
    const { left, before } = this.#resend.step();
    if (left > 0) {
      holdResend(this, this.#texts.say('resendIn', { seconds: left }));
    } else if (before !== 0) {
      // Only once: from now on the button is the page's.
      freeResend(this);
      if (before !== undefined) {
        this.#say(this.#texts.say('resendReady'));
      }
    }
  }

  #listen() {
    this.#listening.abort();
    if (!this.isConnected || this.hasAttribute('no-web-otp') || this.#expiry?.left === 0) {
      return;
    }
    this.#listening = new AbortController();
    void this.#take(codeFromSms(this.#listening.signal));
  }

  /** @param {Promise<string | undefined>} received */
  async #take(received) {
    const code = await received;
    if (code !== undefined) {
      const field = fieldOf(this);
      field.value = code;
      if (field.form !== null) {
        HTMLFormElement.prototype.requestSubmit.call(field.form);
      }
    }
  }

  get #texts() {
    const speaker = this.closest('[lang]');
    const tag = speaker instanceof HTMLElement ? speaker.lang : document.documentElement.lang;
    return new Texts(tag, this.#override);
  }

  /** @param {string} text */
  #say(text) {
    this.announce(text);
    this.#said.status = text;
  }

  /** @param {string} text */
  #setError(text) {
    partOf(this, 'error').textContent = text;
    this.#setInvalid(text !== '');
  }

  /** @param {boolean} invalid */
  #setInvalid(invalid) {
    if (invalid) {
      fieldOf(this).setAttribute('aria-invalid', 'true');
    } else {
      fieldOf(this).removeAttribute('aria-invalid');
    }
  }

  #takeBack() {
    if (partOf(this, 'error').textContent === this.#said.error) {
      this.#setError('');
    }
    if (partOf(this, 'status').textContent === this.#said.status) {
      this.announce('');
    }
    this.#said = { error: '', status: '' };
  }
}

/**
 * By GET the code would stand in the address, the history and the logs. As attributes: a field that is named `method` hides
 * the property.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function keepOutOfAddress(form, submitter) {
  if (!isKept(form.getAttribute('method'))) {
    form.setAttribute('method', 'post');
  }
  if (submitter?.hasAttribute('formmethod') && !isKept(submitter.getAttribute('formmethod'))) {
    submitter.setAttribute('formmethod', 'post');
  }
}

/** @param {string | null} method */
function isKept(method) {
  return /^(post|dialog)$/i.test(method ?? '');
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
