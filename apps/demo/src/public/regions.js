const MARK = 'data-swap';

/** Asks for a page of this site. It comes parsed, its scripts do not run; with its address after redirects. */
export function request(url, { method = 'GET', body } = {}) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(method, url);
    call.responseType = 'document';
    call.timeout = 15_000;
    call.addEventListener('load', () => {
      if (call.response) {
        resolve({ page: call.response, url: call.responseURL });
      } else {
        reject(new Error('no page'));
      }
    });
    ['error', 'timeout', 'abort'].forEach((name) => call.addEventListener(name, () => reject(new Error(name))));
    call.send(body);
  });
}

/**
 * Puts the parts of another version of this page in their places. `data-swap` says what of an element is taken over: its
 * `attributes`, its `content`, or `all` of both; with `none` it must only be there. Where the other page has other parts it is
 * another page, and its whole `main` is taken.
 */
export function put(page) {
  const places = [...document.querySelectorAll(`main [${MARK}]`)];
  const parts = [...page.querySelectorAll(`main [${MARK}]`)];
  const isSame = names(places) === names(parts);
  if (!isSame) {
    replaceMain(page);
    return;
  }
  places.forEach((place, index) => update(place, parts[index]));
}

/** The parts that change by themselves, such as what the phone shows; they are marked `data-live` as well, and have an id. */
export function putLive(page) {
  document.querySelectorAll(`[id][data-live][${MARK}]`).forEach((place) => {
    const part = page.getElementById(place.id);
    if (part) {
      update(place, part);
    }
  });
}

function names(elements) {
  return elements.map(({ id }) => id).join(' ');
}

function replaceMain(page) {
  const main = document.querySelector('main');
  const other = page.querySelector('main');
  if (main && other) {
    document.title = page.title;
    main.replaceWith(document.adoptNode(other));
    other.focus();
  }
}

function update(place, part) {
  const what = place.getAttribute(MARK);
  if (what !== 'content' && what !== 'none') {
    takeAttributes(place, part);
  }
  if (what !== 'attributes' && what !== 'none' && place.innerHTML !== part.innerHTML) {
    place.replaceChildren(...[...part.childNodes].map((node) => document.adoptNode(node)));
  }
}

/** What was typed stays. */
function takeAttributes(place, part) {
  const isField = place instanceof HTMLInputElement;
  for (const { name, value } of part.attributes) {
    if (!(isField && name === 'value') && place.getAttribute(name) !== value) {
      place.setAttribute(name, value);
    }
  }
}
