const POLL_MS = 1500;
const list = document.getElementById('messages');
const empty = document.getElementById('no-messages');
let shown = '';

async function refresh() {
  const response = await fetch('/dev/inbox');
  const messages = response.ok ? await response.json() : [];
  const newest = messages[0]?.id ?? '';
  if (newest !== shown) {
    shown = newest;
    list.replaceChildren(...messages.map(bubble));
    empty.hidden = messages.length > 0;
  }
}

function bubble({ to, text, sentAt }) {
  const item = document.createElement('li');
  const about = document.createElement('p');
  about.className = 'about';
  about.textContent = `To ${to} · ${new Date(sentAt).toLocaleTimeString()}`;
  const body = document.createElement('p');
  body.className = 'bubble';
  body.textContent = text;
  item.append(about, body);
  return item;
}

async function poll() {
  await refresh().catch(() => undefined);
  setTimeout(() => void poll(), POLL_MS);
}

void poll();
