import { put, request } from './regions.js';

/**
 * Sends the forms marked `data-enhance` without leaving the page: what has changed is put in its place, and the focus stays
 * where the person is, or goes to the first field that is wrong. Everything works without it: the server answers every form
 * with a whole page.
 */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.matches('[data-enhance]') && !event.defaultPrevented) {
    event.preventDefault();
    void send(form, event.submitter);
  }
});

let isSending = false;

/** A second click while an answer is awaited must not ask twice. */
async function send(form, submitter) {
  if (isSending) {
    return;
  }
  isSending = true;
  document.body.setAttribute('aria-busy', 'true');
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await request(form.action, { method: 'POST', body });
    const { pathname } = new URL(answer.url);
    if (pathname === location.pathname || pathname === new URL(form.action).pathname) {
      put(answer.page);
      form.querySelector('[aria-invalid="true"]')?.focus();
    } else {
      location.assign(answer.url);
      return;
    }
  } catch {
    tellUnreachable(form);
  } finally {
    isSending = false;
    document.body.removeAttribute('aria-busy');
  }
}

function tellUnreachable(form) {
  const place = form.querySelector('[role="alert"]') ?? document.querySelector('[role="alert"]');
  if (place) {
    place.textContent = document.body.dataset.unreachable;
  } else {
    form.submit();
  }
}
