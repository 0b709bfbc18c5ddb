/**
 * The parts of the element in the page's own markup, made where they are missing. They are looked up each time: a page
 * may replace any of them.
 */

/** @typedef {'label' | 'expiry' | 'error' | 'status'} PartName */

const ROLES = { label: undefined, expiry: 'timer', error: 'alert', status: 'status' };
const FIELD = {
  type: 'text',
  name: 'code',
  inputmode: 'numeric',
  autocomplete: 'one-time-code',
  autocapitalize: 'off',
  spellcheck: 'false',
  dir: 'ltr',
};
/** The element says itself what is wrong, and a pasted code may be longer than its digits. */
const REPLACED = ['required', 'pattern', 'minlength', 'maxlength'];

let made = 0;

/**
 * @param {HTMLElement} host
 * @returns {HTMLInputElement}
 */
export function fieldOf(host) {
  const found = host.querySelector('input:is([autocomplete=one-time-code],[type=text],[type=tel],:not([type]))');
  const field = found instanceof HTMLInputElement ? found : document.createElement('input');
  if (field !== found) {
    host.prepend(field);
  }
  return field;
}

/**
 * @param {HTMLElement} host
 * @param {PartName} name
 */
export function partOf(host, name) {
  const found = host.querySelector(`[data-part=${name}]`);
  const part = found instanceof HTMLElement ? found : document.createElement(name === 'label' ? 'label' : 'p');
  if (part !== found) {
    part.dataset['part'] = name;
    place(host, part, name);
  }
  const role = ROLES[name];
  if (role !== undefined) {
    setDefault(part, 'role', role);
  }
  return part;
}

/**
 * Ties field, label and texts together.
 *
 * @param {HTMLElement} host
 * @param {{ label: string, expires: boolean }} options
 */
export function setUpParts(host, { label, expires }) {
  const field = fieldOf(host);
  for (const [name, value] of Object.entries(FIELD)) {
    setDefault(field, name, value);
  }
  REPLACED.forEach((name) => field.removeAttribute(name));
  const named = field.matches('[aria-label], [aria-labelledby]') || (field.labels?.length ?? 0) > 0;
  if (!named || host.querySelector('[data-part=label]') !== null) {
    const part = partOf(host, 'label');
    part.textContent = label;
    part.setAttribute('for', identify(field));
  }
  const error = identify(partOf(host, 'error'));
  partOf(host, 'status');
  const others = (field.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean);
  const expiry = expires ? [identify(partOf(host, 'expiry'))] : [];
  field.setAttribute('aria-describedby', [...new Set([error, ...others, ...expiry])].join(' '));
}

/**
 * @param {HTMLElement} host
 * @param {HTMLElement} part
 * @param {PartName} name
 */
function place(host, part, name) {
  const field = fieldOf(host);
  if (name === 'label') {
    field.before(part);
  } else if (name === 'status') {
    host.append(part);
  } else {
    (field.closest('label') ?? field).after(part);
  }
}

/** @param {HTMLElement} element */
function identify(element) {
  if (element.id === '') {
    made += 1;
    element.id = `otp-code-input-${made}`;
  }
  return element.id;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
function setDefault(element, name, value) {
  if (!element.hasAttribute(name)) {
    element.setAttribute(name, value);
  }
}
