/** Counts by the monotonic clock: neither a wrong clock nor a change of the time of day moves it. */
class Countdown {
  /** @readonly */
  #end;
  /** @type {number | undefined} */
  #before;

  /** @param {number} seconds */
  constructor(seconds) {
    this.#end = performance.now() + seconds * 1000;
  }

  /** Whole seconds left. */
  get left() {
    return Math.max(0, Math.ceil((this.#end - performance.now()) / 1000));
  }

  /** Milliseconds until `left` changes; `Infinity` at the end. */
  get untilNext() {
    return this.left === 0 ? Infinity : (this.#end - performance.now()) % 1000 || 1000;
  }

  /** Seconds left now and at the last step: a tab that slept takes several at once. `before` is undefined at the first. */
  step() {
    const before = this.#before;
    const left = this.left;
    this.#before = left;
    return { left, before };
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} attribute with the seconds
 */
export function countdownOf(element, attribute) {
  const seconds = countIn(element, attribute);
  return seconds === undefined ? undefined : new Countdown(seconds);
}

/**
 * @param {HTMLElement} element
 * @param {string} attribute
 */
export function countIn(element, attribute) {
  const value = element.getAttribute(attribute) ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
