// The admin port: fetch with the token, and /events read as a stream (EventSource cannot send a token).
const KEY = 'troupe-admin-token';
let asking = null;

function headers(extra = {}) {
  const token = sessionStorage.getItem(KEY);
  return token ? { ...extra, authorization: `Bearer ${token}` } : extra;
}

/** One dialog, however many calls wait for it. */
function askToken() {
  asking ??= new Promise((done) => {
    const dialog = document.getElementById('ask');
    const input = document.getElementById('token');
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(KEY, input.value);
      input.value = '';
      asking = null;
      done();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

async function call(path, options = {}) {
  for (;;) {
    const answer = await fetch(path, { ...options, headers: headers(options.headers), cache: 'no-store' });
    if (answer.status !== 401) return answer;
    await askToken();
  }
}

export async function get(path) {
  const answer = await call(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error?.message ?? `HTTP ${answer.status}`);
  return body;
}

export async function post(path, document) {
  const answer = await call(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(document),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error?.message ?? `HTTP ${answer.status}`);
  return body;
}

function deliver(block, heard) {
  let event = 'message';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7);
    if (line.startsWith('data: ')) data += line.slice(6);
  }
  if (data) heard(event, JSON.parse(data));
}

/** Calls heard(event, data) for ever, reconnecting after a pause; state('live'|'lost') tells how it goes. */
export async function listen(heard, state) {
  for (;;) {
    try {
      const answer = await call('/events');
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      state('live');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const blocks = (rest + value).split('\n\n');
        rest = blocks.pop();
        blocks.forEach((block) => deliver(block, heard));
      }
    } catch (error) {
      console.debug('events', error.message);
    }
    state('lost');
    await new Promise((done) => setTimeout(done, 2000));
  }
}
