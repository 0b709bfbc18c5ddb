import { fieldOf } from './parts.js';

/**
 * Disabled until the wait is over. Without JavaScript it can always be used and the server decides.
 *
 * @param {HTMLElement} host
 * @param {string} text the wait that is left
 */
export function holdResend(host, text) {
  for (const button of resendButtonsOf(host)) {
    if (button.matches(':focus')) {
      // A disabled button loses the focus, and the code comes next.
      fieldOf(host).focus();
    }
    button.disabled = true;
    waitIn(button).textContent = text;
  }
}

/** @param {HTMLElement} host */
export function freeResend(host) {
  for (const button of resendButtonsOf(host)) {
    button.disabled = false;
    waitIn(button).textContent = '';
  }
}

/**
 * Those that `resend` names, of one channel or of several.
 *
 * @param {HTMLElement} host
 */
export function resendButtonsOf(host) {
  const ids = host.getAttribute('resend')?.split(/\s+/);
  const found = ids?.map((id) => document.getElementById(id)) ?? [...host.querySelectorAll('[data-part=resend]')];
  return found.filter((element) => element instanceof HTMLButtonElement);
}

/** @param {HTMLButtonElement} button */
function waitIn(button) {
  const found = button.querySelector('[data-part=resend-wait]');
  if (found !== null) {
    return found;
  }
  const wait = document.createElement('span');
  wait.dataset['part'] = 'resend-wait';
  button.append(' ', wait);
  return wait;
}
