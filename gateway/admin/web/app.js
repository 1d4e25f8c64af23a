// The frame: which page is shown, and the stream that feeds it.
import { listen } from '/web/api.js';
import { overview } from '/web/overview.js';
import { requests } from '/web/requests.js';
import { actors } from '/web/actors.js';
import { models } from '/web/models.js';

const pages = { overview, requests, actors, models };
const page = document.getElementById('page');
const link = document.getElementById('link');
let shown = null;
let latest = null;

function show() {
  const [name, rest] = (location.hash.slice(1) || 'overview').split('/');
  const chosen = pages[name] ? name : 'overview';
  for (const tab of Object.keys(pages))
    document.getElementById(`tab-${tab}`).setAttribute('aria-selected', String(tab === chosen));
  document.title = `Troupe: ${chosen}`;
  shown = pages[chosen];
  page.replaceChildren();
  shown.open(page, rest ? decodeURIComponent(rest) : null);
  if (latest) shown.tick?.(latest);
}

function heard(event, data) {
  if (event !== 'tick') return;
  latest = data;
  document.getElementById('node').textContent = `${data.node} · ${data.version} · revision ${data.config.revision}`;
  link.textContent = data.ready ? 'live' : 'not ready';
  link.className = `pill ${data.ready ? 'good' : 'bad'}`;
  overview.remember(data);
  shown?.tick?.(data);
}

function connection(state) {
  if (state === 'live') return;
  link.textContent = 'connection lost';
  link.className = 'pill bad';
}

document.querySelector('nav').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...document.querySelectorAll('nav a')];
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  location.hash = next.hash;
});
window.addEventListener('hashchange', show);
show();
listen(heard, connection);
